/**
 * Looks at a page of ours, of which parts are to be drawn; nobody sees it whole, so it takes no notice that was left.
 * @param {string} address the page
 * @returns {Promise<Document | null>} null where it is not to be had
 */
export async function pageAt(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "X-Requested-With": "fetch" } });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}
