// What pages gain from a script: updates as they happen. Without it they load anew, or wait to be asked.
"use strict";

const main = document.querySelector("main");

async function renew(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main");
}

function watchTask(address) {
  const stream = new EventSource(address);
  stream.addEventListener("task", (event) => {
    const task = JSON.parse(event.data);
    document.getElementById("bar").value = task.percent;
    document.getElementById("percent").textContent = task.percent;
    document.getElementById("message").textContent = task.message;
    if (task.status === "completed" || task.status === "failed") end();
  });
  stream.addEventListener("gone", end);

  async function end() {
    stream.close();
    const fresh = await renew(await fetch(location.href));
    main.replaceChildren(...fresh.childNodes);
    main.querySelector("[autofocus]")?.focus();
  }
}

function watchBoard(address) {
  let waits = false;
  let again = false;
  new EventSource(address).addEventListener("board", draw);

  async function draw() {
    if (waits) { again = true; return; }
    waits = true;
    const fresh = await renew(await fetch(location.href));
    const focused = document.activeElement?.getAttribute?.("href");
    main.replaceChildren(...fresh.childNodes);
    if (focused) [...main.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    setTimeout(() => { waits = false; if (again) { again = false; draw(); } }, 500);
  }
}

function answerInPlace(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await fetch(location.href, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!response.ok) { HTMLFormElement.prototype.submit.call(form); return; }
    const fresh = (await renew(response)).querySelector("#" + form.id);
    form.replaceWith(fresh);
    answerInPlace(fresh);
    fresh.querySelector(".verdict")?.focus({ preventScroll: true });
  });
}

if (main?.dataset.task) watchTask(main.dataset.task);
if (main?.dataset.board) watchBoard(main.dataset.board);
document.querySelectorAll("[data-question]").forEach(answerInPlace);
