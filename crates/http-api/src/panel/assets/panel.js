// What the panel does beyond its pages: jobs that move, and files that are dropped. Everything else works without it.
"use strict";

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

// Puts a card that the server drew into the page: its moving part where the card is there, the whole card where it is new.
function show(list, html) {
  const card = parsed(html).body.firstElementChild;
  const shown = card && document.getElementById(card.id);
  if (!card) return;
  if (shown) {
    shown.querySelector("[data-live]").replaceWith(card.querySelector("[data-live]"));
  } else if (!("only" in list.dataset)) {
    list.prepend(card);
    document.querySelector("[data-empty]")?.remove();
  }
}

// Takes a part of a page anew.
async function refresh(id) {
  const response = await fetch(location.href, { credentials: "same-origin" });
  const fresh = parsed(await response.text()).getElementById(id);
  if (fresh) document.getElementById(id)?.replaceWith(fresh);
}

for (const list of document.querySelectorAll("[data-events]")) {
  const events = new EventSource(list.dataset.events);
  events.addEventListener("job", (event) => show(list, JSON.parse(event.data)));
  events.addEventListener("end", () => {
    events.close();
    if (list.dataset.then) refresh(list.dataset.then);
  });
  addEventListener("pagehide", () => events.close());
}

// A file that is chosen or dropped is sent to be checked at once.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const form = drop.closest("form");
  const file = form.querySelector("input[type=file]");
  const check = () => {
    if (!file.files.length) return;
    drop.setAttribute("aria-busy", "true");
    form.submit();
  };
  // A page that the browser brings back is ready for another file.
  addEventListener("pageshow", () => drop.removeAttribute("aria-busy"));
  file.addEventListener("change", check);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    file.files = event.dataTransfer.files;
    check();
  });
}
