using Microsoft.Playwright;

namespace LaboratoryBench.Lesson;

/// <summary>What several tests do on their way to an order.</summary>
internal static class PurchaseSteps
{
    /// <summary>Finds something that there is, and puts one piece of it in the cart.</summary>
    /// <param name="page">A page of the storefront's reader.</param>
    public static async Task PutInCart(IPage page)
    {
        await page.GotoAsync("/products?category=Stationery&inStock=true");
        await page.Locator(".product a").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Added to your cart")).ToBeVisibleAsync();
    }
}
