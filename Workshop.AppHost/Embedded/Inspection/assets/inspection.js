// Live parts of the inspection page. Without this script the page shows the state at its loading, and forms give commands.
const log = document.querySelector("pre[data-resource]");
if (log) {
  const keptLines = 2000;
  const source = new EventSource(`/resources/${log.dataset.resource}/logs`);
  const fresh = () => { log.textContent = ""; source.removeEventListener("line", fresh); };
  source.addEventListener("line", fresh);
  source.addEventListener("line", event => {
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.append(JSON.parse(event.data).text + "\n");
    while (log.childNodes.length > keptLines) log.firstChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  });
}

const table = document.querySelector("table.resources tbody");
if (table) {
  setInterval(async () => {
    if (document.hidden || table.contains(document.activeElement)) return;
    try {
      const page = await (await fetch("/", { headers: { accept: "text/html" } })).text();
      const fetched = new DOMParser().parseFromString(page, "text/html").querySelector("table.resources tbody");
      if (fetched) table.innerHTML = fetched.innerHTML;
      document.body.removeAttribute("data-lost");
    } catch {
      document.querySelector(".note").textContent = "The host does not answer: it has stopped.";
    }
  }, 1000);
}
