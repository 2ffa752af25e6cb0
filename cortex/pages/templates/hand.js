/* The chosen site or cell: its field and weights on the hand, and what there is to say of it. */

const HALF = 0.5; // share of the best response from which on skin belongs to the receptive field
const DOT = 9; // radius of the dot of a weight of 1, tenths of a mm

const byId = (name) => document.getElementById(name);
const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

function drawField(sheet, evoked) {
  const best = Math.max(...evoked);
  const shapes = byId("probes").children;
  let area = 0;
  evoked.forEach((response, probe) => {
    const inside = best > 0 && response >= HALF * best;
    if (inside) area += sheet.probeArea;
    const distal = 3 * Math.floor(sheet.probePatch[probe] / 3) + 2;
    shapes[probe].setAttribute("fill", sheet.colours[distal]);
    shapes[probe].setAttribute("fill-opacity", best > 0 ? Math.max(0, response / best).toFixed(3) : 0);
    shapes[probe].setAttribute("class", inside ? "field" : "");
  });
  return { area, best };
}

function drawWeights(sheet, weights) {
  const place = byId("afferents");
  place.replaceChildren();
  const [x, y] = sheet.afferents;
  for (const { weight, afferent } of weights.filter((one) => one.weight > 0.02)) {
    const open = sheet.slowly[afferent] ? "" : "open";
    shape("circle", { cx: x[afferent], cy: y[afferent], r: DOT * Math.sqrt(weight), class: open }, place);
  }
}

function skinName(sheet, patch) {
  return patch < 0 ? "answers to no skin" : `answers most to ${sheet.patches[patch]}`;
}

function siteLines(sheet, map, site) {
  const cells = sheet.members[site];
  const old = cells.filter((cell) => sheet.established[cell]).length;
  const copies = cells.filter((cell) => map.teacher[cell] >= 0).length;
  return [`It hears ${cells.length} cells: ${old} established, ${copies} copies, ${cells.length - old - copies} idle.`];
}

function cellLines(sheet, map, cell) {
  const weights = sheet.weights(map, cell).map((one) => one.weight);
  const strong = weights.filter((weight) => weight > 0.1).length;
  const lines = [`${strong} of its ${weights.length} afferents have a weight above 0.1.`];
  if (sheet.established[cell]) {
    const copies = sheet.copies(map, cell).length;
    return [...lines, copies ? `Established; number of its copies: ${copies}.` : "Established; it has no copies."];
  }
  const maturity = map.maturity[cell] / STEPS;
  const teacher = map.teacher[cell];
  if (maturity < MATURE) return [...lines, `Idle: maturity ${maturity.toFixed(2)}, no copy yet.`];
  if (teacher < 0) return [...lines, `Mature (${maturity.toFixed(2)}), but no established cell reaches it.`];
  const why = sheet.recorded ? "that it chose" : "with weights most like its own";
  return [
    ...lines,
    `Copy, maturity ${maturity.toFixed(2)}; its teacher is cell ${teacher}: of the established cells that reach it, ` +
      `the one ${why} (cosine of the weights of both ${(map.likeness[cell] / STEPS).toFixed(2)}).`,
  ];
}

/* Cells to go to: of a site those that it hears, of a copy its teacher, of a teacher its copies. */
function others(sheet, map, kind, element) {
  if (kind === "sites") return sheet.members[element].map((cell) => [`cell ${cell}`, cell]);
  if (map.teacher[element] >= 0) return [[`teacher: cell ${map.teacher[element]}`, map.teacher[element]]];
  return sheet.copies(map, element).map((cell) => [`copy: cell ${cell}`, cell]);
}

function tell(sheet, { map, kind, chosen }, goTo) {
  const evoked = sheet.evoked(map, kind, chosen);
  const { area, best } = drawField(sheet, evoked);
  drawWeights(sheet, kind === "cells" ? sheet.weights(map, chosen) : []);
  byId("weights-help").hidden = kind === "sites";
  const [x, y] = sheet.places(kind);
  const name = `${kind === "sites" ? "Site" : "Cell"} ${chosen}`;
  byId("chosen-name").textContent = name;
  const skin = skinName(sheet, sheet.winners(map, kind)[chosen]);
  const size = `receptive field ${area.toFixed(1)} mm², best response ${best.toFixed(1)} spikes`;
  const lines = [
    `${name} in ${map.name}: ${skin}; ${best > 0 ? size : "no receptive field"}.`,
    `Place: ${x[chosen].toFixed(2)} mm from lateral, ${y[chosen].toFixed(2)} mm from caudal.`,
    ...(kind === "sites" ? siteLines(sheet, map, chosen) : cellLines(sheet, map, chosen)),
  ];
  byId("told").replaceChildren(...lines.map((line) => made("p", { textContent: line })));
  const buttons = others(sheet, map, kind, chosen).map(([text, cell]) => {
    const button = made("button", { type: "button", textContent: text });
    button.addEventListener("click", () => goTo(cell));
    return button;
  });
  byId("others").replaceChildren(...buttons);
}
