// Whether somebody is filling in a form, so that a page does not go away under their hands.

const FIELDS = "form[method=post] :is(input:not([type=hidden]), select, textarea), form[method=get] :is(input, select)";

function isChanged(field) {
  if (field.matches("select")) {
    return [...field.options].some((option, n) => option.selected !== (option.defaultSelected || (n === 0 && !field.querySelector("[selected]"))));
  }
  return field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** Whether a field outside of the page's header has the focus, or holds something else than it was drawn with. */
function isTyping() {
  return [...document.querySelectorAll(`main :is(${FIELDS})`)].some((field) => field === document.activeElement || isChanged(field));
}

/**
 * Opens a page, or, where somebody is filling in a form, says that there is one to open.
 * @param {string} words what has happened, as the text of a link to it
 * @param {string} address the page; this one, as it was asked for, when left out
 * @returns {boolean} whether this page is left
 */
export function goOn(words, address = location.pathname + location.search) {
  if (!isTyping()) {
    location.assign(address);
    return true;
  }
  const note = document.querySelector("[data-later]") ?? document.body.appendChild(document.createElement("p"));
  note.className = "alert alert-info later";
  note.dataset.later = "";
  note.setAttribute("role", "status");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  note.replaceChildren(link);
  return false;
}
