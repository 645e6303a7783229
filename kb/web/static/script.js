// Makes some things quicker; nothing needs it.
"use strict";

const problem = document.getElementById("problem");
if (problem) problem.focus();

// Copy a citation.
for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
  });
}

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = !event.submitter || event.submitter.name !== "format";
  });
}
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// On a small screen filters begin closed, unless one of them is wrong.
const panel = document.querySelector(".panel");
if (panel && !problem && matchMedia("(max-width: 48em)").matches) panel.open = false;

// Look whether a build is done.
const watched = document.querySelector("[data-watches]");
if (watched) setInterval(async () => {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("[data-watches]")) location.reload();
}, 2000);

// Keys of the queue: a letter turns its theme from not judged to yes, to no, and back.
const judging = document.querySelector("[data-keys]");
if (judging) document.querySelector(".keys").hidden = false;
if (judging && judging.dataset.keys === "on") {
  const letters = [..."abdefghijklmopqrtvwxyz"];
  const themes = new Map();
  judging.querySelectorAll(".ballot").forEach((ballot, at) => {
    if (!letters[at]) return;
    themes.set(letters[at], [...ballot.querySelectorAll("input[type=radio]")]);
    const key = document.createElement("kbd");
    key.textContent = letters[at];
    ballot.querySelector("legend").prepend(key);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("select, textarea, input:not([type=radio]):not([type=checkbox])")) return;
    const radios = themes.get(event.key);
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (radios) {
      const next = (radios.findIndex((one) => one.checked) + 1) % radios.length;
      radios[next].checked = true;
      radios[next].focus();
    } else if (button) {
      if (button.matches("select")) button.focus();
      else button.click();
    } else return;
    event.preventDefault();
  });
}
