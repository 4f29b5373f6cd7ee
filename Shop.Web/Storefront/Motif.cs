namespace Shop.Web.Storefront;

/// <summary>What is drawn.</summary>
public enum Motif
{
    /// <summary>A wooden crate, for anything.</summary>
    Crate,

    /// <summary>A book.</summary>
    Book,

    /// <summary>A kettle.</summary>
    Kettle,

    /// <summary>A chip.</summary>
    Chip,

    /// <summary>Headphones.</summary>
    Headphones,

    /// <summary>A leaf in a pot.</summary>
    Leaf,

    /// <summary>A tent.</summary>
    Tent,

    /// <summary>A wheel with spokes.</summary>
    Wheel,

    /// <summary>A cup.</summary>
    Cup,

    /// <summary>A pencil.</summary>
    Pencil,

    /// <summary>A piece of a puzzle.</summary>
    Puzzle,

    /// <summary>A wrench.</summary>
    Wrench,

    /// <summary>A lamp.</summary>
    Lamp,

    /// <summary>A shirt.</summary>
    Shirt,

    /// <summary>A bicycle.</summary>
    Bicycle,

    /// <summary>A bell.</summary>
    Bell,

    /// <summary>A bottle.</summary>
    Bottle,

    /// <summary>A pouch.</summary>
    Pouch,

    /// <summary>A mill with a crank.</summary>
    Mill,

    /// <summary>A cloud before the sun.</summary>
    Cloud,

    /// <summary>A keyboard.</summary>
    Keyboard,

    /// <summary>A plug on a cable.</summary>
    Plug,

    /// <summary>A calendar.</summary>
    Calendar,

    /// <summary>A battery.</summary>
    Battery,

    /// <summary>A printer.</summary>
    Printer,

    /// <summary>A boat.</summary>
    Boat,

    /// <summary>A pawn.</summary>
    Pawn,

    /// <summary>Two dice.</summary>
    Dice,

    /// <summary>Marbles on a run.</summary>
    Marble,

    /// <summary>Playing cards.</summary>
    Cards,

    /// <summary>A watering can.</summary>
    Can,

    /// <summary>A house with holes for bees.</summary>
    House,

    /// <summary>Shears.</summary>
    Shears,

    /// <summary>A thermometer.</summary>
    Thermometer,

    /// <summary>Folded cloth.</summary>
    Cloth,

    /// <summary>A pan.</summary>
    Pan,

    /// <summary>A kitchen knife.</summary>
    Knife,

    /// <summary>A cutting board.</summary>
    Board,

    /// <summary>A pasta machine.</summary>
    Roller,

    /// <summary>A letter.</summary>
    Envelope,

    /// <summary>A rubber stamp.</summary>
    Stamp,
}
