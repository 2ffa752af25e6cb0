/* What happens when the page is opened. */

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

async function explore() {
  const sheet = new Sheet(await unpacked(JSON.parse(byId("sheet-data").textContent)));
  const chosen = { sites: 0, cells: 0 };
  const winners = sheet.maps[sheet.animals[0]][0].siteWinner;
  const trained = winners.findIndex((patch) => sheet.trained[sheet.animals[0]].includes(patch));
  chosen.sites = Math.max(trained < 0 ? winners.findIndex((patch) => patch >= 0) : trained, 0);
  chosen.cells = Math.max(sheet.members[chosen.sites].find((cell) => sheet.established[cell]) ?? 0, 0);
  const picked = (name) => document.querySelector(`input[name="${name}"]:checked`).value;
  const view = new MapView(sheet, byId("map"), choose);

  function show() {
    const [taken, kind] = [sheet.maps[picked("animal")], picked("kind")];
    const trained = sheet.trained[picked("animal")];
    byId("phase").max = taken.length - 1;
    const map = taken[Number(byId("phase").value)];
    const { name, start } = map;
    byId("phase-name").textContent = `${name}, at ${(start / 60).toFixed(1)} min`;
    byId("phase").setAttribute("aria-valuetext", name);
    byId("map-area").textContent = trained.length
      ? `The patches touched by the training win ${sheet.won(map, trained).toFixed(3)} mm² of cortex in ${name}.`
      : "";
    for (const part of document.querySelectorAll("[data-phase]"))
      part.classList.toggle("current", part.dataset.phase === name);
    view.draw({ map, kind, chosen: chosen[kind], trained });
    tell(sheet, { map, kind, chosen: chosen[kind] }, goTo);
  }

  function choose(element) {
    chosen[picked("kind")] = element;
    show();
  }

  function goTo(cell) {
    document.querySelector('input[name="kind"][value="cells"]').checked = true;
    choose(cell);
    byId("map").focus();
  }

  byId("explorer").hidden = false;
  byId("no-map").hidden = true;
  byId("explorer").querySelector(".controls").addEventListener("input", show);
  byId("map").addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    choose(sheet.neighbour(picked("kind"), chosen[picked("kind")], direction));
  });
  show();
}

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll("input[data-table]").forEach(filtered);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
(byId("explorer") ? explore() : Promise.resolve()).then(() => (document.documentElement.dataset.ready = "yes"));
