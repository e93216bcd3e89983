// J and K walk a list, Enter opens (the focused link does that itself), / goes to the search field, G then a letter
// goes to a page, ? shows all keys. Keys act only while the list has the focus, by the physical key, so that a
// Chinese input method neither swallows nor triggers them. Everything works without this file.
"use strict";
(() => {
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  if (!rows.length) return;
  const pages = { KeyT: "/today", KeyD: "/desk", KeyH: "/verify", KeyL: "/ledger" };
  let gone = 0;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const here = rows.indexOf(document.activeElement);
    if (here < 0) return;
    const go = (to) => { rows[Math.max(0, Math.min(rows.length - 1, to))].focus(); event.preventDefault(); };
    if (gone && event.timeStamp - gone < 1500 && pages[event.code]) { location.href = pages[event.code]; return; }
    gone = 0;
    if (event.code === "KeyJ" || event.code === "ArrowDown") go(here + 1);
    else if (event.code === "KeyK" || event.code === "ArrowUp") go(here - 1);
    else if (event.code === "KeyG") gone = event.timeStamp;
    else if (event.key === "?") document.getElementById("keys")?.toggleAttribute("open");
    else if (event.code === "Slash") { document.querySelector("input[type=search]")?.focus(); event.preventDefault(); }
  });
})();
