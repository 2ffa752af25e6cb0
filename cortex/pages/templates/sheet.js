/* The map of the cortical sheet: what it knows, and how it is drawn and explored. */

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 100; // units of the drawing for 1 mm of cortex
const STEPS = 200; // weights, maturity and likeness are whole numbers of so many parts
const MATURE = 0.5;

function shape(kind, attributes, parent) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent?.append(made);
  return made;
}

async function unpacked(value) {
  if (value === null || typeof value !== "object") return value;
  if ("bytes" in value) {
    const bytes = Uint8Array.from(atob(value.bytes), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new globalThis[`${value.kind}Array`](await new Response(stream).arrayBuffer());
  }
  const parts = await Promise.all(Object.values(value).map(unpacked));
  return Array.isArray(value) ? parts : Object.fromEntries(Object.keys(value).map((name, at) => [name, parts[at]]));
}

/* The numbers of a run, and what follows from them. */
class Sheet {
  constructor(data) {
    Object.assign(this, data);
    this.probes = data.probePatch.length;
    this.firstContact = [0];
    for (const count of data.contacts) this.firstContact.push(this.firstContact.at(-1) + count);
  }

  places(kind) {
    return this[kind];
  }

  winners(map, kind) {
    return kind === "sites" ? map.siteWinner : map.cellWinner;
  }

  /* Mean response to each probe above baseline, of a cell or of the cells that a site hears. */
  evoked(map, kind, element) {
    const heard = kind === "sites" ? this.members[element] : [element];
    const blank = heard.reduce((sum, cell) => sum + map.blanks[cell], 0) / map.blankCount;
    const counts = new Array(this.probes).fill(0);
    for (const cell of heard)
      for (let probe = 0; probe < this.probes; probe++) counts[probe] += map.spikes[cell * this.probes + probe];
    return counts.map((count) => count / this.repeats - blank);
  }

  /* Area of cortex won by some patches of skin, mm². */
  won(map, patches) {
    return map.siteWinner.filter((patch) => patches.includes(patch)).length * this.siteArea;
  }

  copies(map, cell) {
    return [...map.teacher.keys()].filter((copy) => map.teacher[copy] === cell);
  }

  weights(map, cell) {
    const [first, last] = [this.firstContact[cell], this.firstContact[cell + 1]];
    const slice = (array) => [...array.subarray(first, last)];
    return slice(map.weights).map((weight, at) => ({ weight: weight / STEPS, afferent: this.sources[first + at] }));
  }

  /* The neighbour of an element in a direction: near, and not far to the side. */
  neighbour(kind, element, [right, up]) {
    const [x, y] = this.places(kind);
    let [best, nearest] = [element, Infinity];
    for (let other = 0; other < x.length; other++) {
      const [dx, dy] = [x[other] - x[element], y[other] - y[element]];
      const along = dx * right + dy * up;
      const distance = along + 3 * Math.abs(dx * up - dy * right);
      if (along > 1e-6 && distance < nearest) [best, nearest] = [other, distance];
    }
    return best;
  }
}

/* The drawn map: an element for each site or cell, coloured anew for each phase. */
class MapView {
  constructor(sheet, place, choose) {
    this.sheet = sheet;
    const height = SCALE * (Math.max(...sheet.cells[1]) + Math.min(...sheet.cells[1]));
    const width = SCALE * (Math.max(...sheet.cells[0]) + Math.min(...sheet.cells[0]));
    this.height = height;
    this.svg = shape("svg", { viewBox: `-2 -2 ${width + 4} ${height + 4}`, "aria-hidden": "true" }, place);
    this.svg.addEventListener("click", (event) => {
      const index = event.target.dataset?.index;
      if (index !== undefined) choose(Number(index));
    });
  }

  at(kind, element) {
    const [x, y] = this.sheet.places(kind);
    return [SCALE * x[element], this.height - SCALE * y[element]];
  }

  outline(kind, element, grow, attributes, parent) {
    const [x, y] = this.at(kind, element);
    const copyOrIdle = kind === "cells" && !this.sheet.established[element];
    if (copyOrIdle) return shape("circle", { cx: x, cy: y, r: 1.8 + grow, ...attributes }, parent);
    const side = (kind === "cells" ? 3.2 : SCALE * Math.sqrt(this.sheet.siteArea) - 1) + 2 * grow;
    return shape("rect", { x: x - side / 2, y: y - side / 2, width: side, height: side, ...attributes }, parent);
  }

  draw({ map, kind, chosen, trained }) {
    const { sheet } = this;
    this.svg.replaceChildren();
    for (const [element, patch] of sheet.winners(map, kind).entries()) {
      const look = patch < 0 ? sheet.silent : sheet.colours[patch];
      const framed = trained.includes(patch) ? "trained" : "";
      const small = kind === "cells" ? "small" : "";
      const attributes = { fill: look, class: `element ${framed} ${small}`, "data-index": element };
      this.outline(kind, element, 0, attributes, this.svg);
      if (kind === "cells" || patch < 0) continue;
      const [x, y] = this.at(kind, element);
      const text = shape("text", { x, y: y + 1.8, fill: sheet.inks[patch] }, this.svg);
      text.textContent = 1 + Math.floor(patch / 3);
    }
    if (kind === "cells") this.tie(map, chosen);
    this.outline(kind, chosen, 1.2, { class: "halo" }, this.svg);
    this.outline(kind, chosen, 1.2, { class: "ring" }, this.svg);
  }

  /* Lines from a cell to its teacher, or to its copies. */
  tie(map, cell) {
    const [x, y] = this.at("cells", cell);
    const teacher = map.teacher[cell];
    for (const other of teacher < 0 ? this.sheet.copies(map, cell) : [teacher]) {
      const [to, up] = this.at("cells", other);
      shape("line", { x1: x, y1: y, x2: to, y2: up, class: "tie" }, this.svg);
    }
  }
}
