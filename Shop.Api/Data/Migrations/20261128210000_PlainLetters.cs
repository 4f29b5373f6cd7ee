using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// Text without case and accents, by which products are searched and departments told apart. Indexes stand on the
    /// expressions: no column is added that an order would have to copy. The index of the search needs an extension, and is
    /// made by <see cref="SearchIndex"/>.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261128210000_PlainLetters")]
    public partial class PlainLetters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                -- Marks are taken off the decomposed text (NFKD), case is folded by way of the upper one (final sigma, dotless
                -- i), and letters that do not decompose are spelled out. What is left is composed again: syllables of
                -- Hangul and voiced kana are letters, not accents. Plain ASCII, which most text is, takes the short way.
                CREATE FUNCTION plain_letters(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN CASE WHEN octet_length(written) = char_length(written) THEN lower(written COLLATE pg_c_utf8)
                ELSE normalize(
                    replace(replace(replace(replace(translate(lower(upper(regexp_replace(
                        normalize(written, NFKD),
                        E'[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g'
                    ) COLLATE pg_c_utf8)), 'øłđðħŧ', 'olddht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
                    NFC)
                END;

                -- No text of a product holds the character between the two, so nothing is found across it.
                CREATE FUNCTION product_words(name text, description text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
                RETURN plain_letters(name || E'\x01' || description);

                DROP INDEX products_by_category;
                CREATE INDEX products_by_department ON products (plain_letters(category), name, id);
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                DROP INDEX IF EXISTS products_by_words;
                DROP INDEX products_by_department;
                CREATE INDEX products_by_category ON products (category, name, id);
                DROP FUNCTION product_words(text, text);
                DROP FUNCTION plain_letters(text);
                """
            );
    }
}
