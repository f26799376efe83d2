"use strict";
// Everything on the page works without this: it adds zooming, the choice of a qubit, and open lists in print.
for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    const drawing = document.querySelector(`#${button.dataset.chart} .drawing`);
    const box = drawing.parentElement;
    const names = box.querySelector(".names").getBoundingClientRect().width;
    const factor = Number(button.dataset.zoom);
    const now = drawing.getBoundingClientRect().width;
    const wanted = factor ? now * factor : box.clientWidth - names;
    const width = Math.min(Math.max(wanted, 120), 40000);
    const middle = (box.scrollLeft + box.clientWidth / 2) / now;
    drawing.style.flex = `0 0 ${width}px`;
    box.scrollLeft = middle * width - box.clientWidth / 2;
  });
}

for (const choice of document.querySelectorAll("[data-picks]")) {
  choice.addEventListener("change", () => {
    const chart = document.getElementById(choice.dataset.picks);
    chart.classList.toggle("picked", choice.value !== "");
    for (const qubit of chart.querySelectorAll("[data-qubit]")) {
      qubit.classList.toggle("lit", qubit.dataset.qubit === choice.value);
    }
  });
}

const lists = document.querySelectorAll("details");
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...lists].filter((list) => !list.open);
  for (const list of opened) list.open = true;
});
addEventListener("afterprint", () => {
  for (const list of opened) list.open = false;
});
