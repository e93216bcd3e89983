// J and K walk a list, Enter opens (the focused link does that itself), X marks a row, a letter presses the button that
// carries it, / goes to the search field, G then a letter goes to a page, ? shows all keys, 1 to 9 open a photo, [ and ]
// go to the case before and after. Keys act only while the list or a confirmation has the focus, on a case's page while
// nothing is being filled in, by the physical key, so that a Chinese input method neither swallows nor triggers them, and
// not at all once they are switched off. Everything works without this file.
"use strict";
(() => {
  const OFF = "xuncha-keys-off";
  const keys = document.getElementById("keys");
  if (keys) {
    const button = document.createElement("button");
    const say = () => { button.textContent = localStorage.getItem(OFF) ? "按键已关，打开" : "关掉按键"; };
    button.type = "button";
    button.addEventListener("click", () => {
      if (localStorage.getItem(OFF)) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
      say();
    });
    say();
    keys.append(button);
  }
  for (const field of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "显示";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? "隐藏" : "显示";
      button.setAttribute("aria-pressed", String(hidden));
    });
    field.after(button);
  }
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  const pages = { KeyT: "/today", KeyD: "/desk", KeyH: "/verify", KeyL: "/ledger" };
  const marks = document.querySelector("[data-marks]");
  const count = () => { marks.textContent = ` · 已勾${document.querySelectorAll("input[name=mark]:checked").length}行`; };
  if (marks) { document.addEventListener("change", count); addEventListener("pageshow", count); }
  // Marks the row of a link; false if its rows can't be marked.
  const tick = (link) => {
    const box = link.closest("tr")?.querySelector("input[name=mark]");
    box?.click();
    return Boolean(box);
  };
  let gone = 0;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || localStorage.getItem(OFF)) return;
    const focus = document.activeElement;
    const press = (code) => {
      const target = document.querySelector(`[data-key="${code}"]`);
      if (target) { target.click(); event.preventDefault(); }
    };
    const here = rows.indexOf(focus);
    // A page without a list has the keys wherever nothing is being filled in.
    const free = keys?.hasAttribute("data-everywhere") && !focus?.matches("input, textarea, select");
    if (event.code === "Escape" && (here >= 0 || free || focus?.closest(".confirm, .step"))) { press("Escape"); return; }
    if (here < 0 && !free) return;
    const go = (to) => { rows[Math.max(0, Math.min(rows.length - 1, to))].focus(); event.preventDefault(); };
    if (gone && event.timeStamp - gone < 1500 && pages[event.code]) { location.href = pages[event.code]; return; }
    gone = 0;
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      keys?.toggleAttribute("open");
      keys?.scrollIntoView({ block: "nearest" });
    } else if (here < 0 && /^(Key[JKX]|Arrow(Up|Down))$/.test(event.code)) return;
    else if (event.code === "KeyJ" || event.code === "ArrowDown") go(here + 1);
    else if (event.code === "KeyK" || event.code === "ArrowUp") go(here - 1);
    else if (event.code === "KeyG") gone = event.timeStamp;
    else if (event.code === "Slash") { document.querySelector("input[type=search]")?.focus(); event.preventDefault(); }
    else if (digit) document.querySelectorAll(".keyed .shots a")[digit[1] - 1]?.click();
    else if (event.code === "KeyX" && tick(focus)) event.preventDefault();
    else if (/^(Key[A-Z]|Bracket(Left|Right))$/.test(event.code)) press(event.code);
  });
})();
