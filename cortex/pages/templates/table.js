"use strict";
/* Tables that a reader sorts by a column and filters by a word. */

function sortable(table) {
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    if (head.tagName !== "TH") continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => sort(table, column));
  }
}

function sort(table, column) {
  const heads = [...table.tHead.rows[0].cells];
  const down = heads[column].getAttribute("aria-sort") === "ascending";
  for (const head of heads) head.removeAttribute("aria-sort");
  heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows].map((row) => [row, row.cells[column].textContent.trim()]);
  rows.sort(([, a], [, b]) => compare(a, b, down ? -1 : 1));
  table.tBodies[0].append(...rows.map(([row]) => row));
}

/* Numbers by size, other texts by letters; what is empty comes last either way. */
function compare(a, b, sign) {
  if (!a || !b) return Number(!a) - Number(!b);
  const [x, y] = [parseFloat(a), parseFloat(b)];
  const difference = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
  return sign * (difference || a.localeCompare(b, undefined, { numeric: true }));
}

function filtered(field) {
  const rows = [...document.getElementById(field.dataset.table).tBodies[0].rows];
  const count = field.parentElement.querySelector("output");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });
}
