Console.WriteLine("Workshop");
