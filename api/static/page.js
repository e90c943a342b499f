// The public page: a map to click, and a form whose answer is put in place without a reload.
// Without this script the form works all the same: the server renders the answer into the page.

const form = document.getElementById("form");
const place = document.getElementById("place");
const accuracy = document.getElementById("accuracy_m");
const answer = document.getElementById("answer");
const words = document.body.dataset;
const map = L.map("map", { zoomSnap: 0.25, maxZoom: 17, attributionControl: false });
L.control.scale({ imperial: false }).addTo(map);
map.setView([43.6, 126.5], 6.5);
map.createPane("asked").style.zIndex = 450;
let mark = null;
let asked = 0;
let clicked = false;

function text(value) {
  const span = document.createElement("span");
  span.textContent = value ?? "";
  return span.innerHTML;
}

function show(fragment) {
  const result = fragment.querySelector("[data-lon]");
  if (mark) { mark.remove(); mark = null; }
  if (!result) { return; }
  const at = [Number(result.dataset.lat), Number(result.dataset.lon)];
  mark = L.layerGroup([
    L.circle(at, { radius: Number(result.dataset.accuracy), color: "#1a1a1a", weight: 1, fillOpacity: 0.1, interactive: false, pane: "asked" }),
    L.circleMarker(at, { radius: 7, color: "#fff", weight: 2, fillColor: "#1a1a1a", fillOpacity: 1, interactive: false, pane: "asked" }),
  ]).addTo(map);
  map.panInside(at, { padding: [40, 40], animate: false });
}

async function ask(query) {
  const turn = ++asked;
  answer.setAttribute("aria-busy", "true");
  answer.textContent = words.loading;
  try {
    const reply = await fetch("/answer?" + query);
    const html = await reply.text();
    if (turn !== asked) { return; }
    answer.innerHTML = html; // rendered and escaped by the server
    show(answer);
    history.replaceState(null, "", "/?" + query);
  } catch {
    if (turn === asked) { answer.textContent = words.offline; }
  } finally {
    answer.removeAttribute("aria-busy");
  }
}

function query() {
  const filled = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...filled]) { if (!value) { filled.delete(name); } }
  return filled;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(query());
});

// Names to choose from while one is typed; the newest reply wins.
const names = document.getElementById("names");
let typed = 0;
place.addEventListener("input", async () => {
  if (clicked) { accuracy.value = ""; clicked = false; }
  const text = place.value.trim();
  const turn = ++typed;
  if (!text || /\d/.test(text) || text.length > 60) { names.replaceChildren(); return; }
  await new Promise((later) => setTimeout(later, 120));
  if (turn !== typed) { return; }
  const reply = await fetch("/places?q=" + encodeURIComponent(text)).catch(() => null);
  if (!reply?.ok || turn !== typed) { return; }
  const found = (await reply.json()).items;
  names.replaceChildren(...found.map((item) => {
    const option = document.createElement("option");
    option.value = item.formal;
    option.label = item.name;
    return option;
  }));
});

map.on("click", (event) => {
  const metresPerPixel = (156543.03 * Math.cos((event.latlng.lat * Math.PI) / 180)) / 2 ** map.getZoom();
  const digits = metresPerPixel > 20 ? 5 : 6; // four could be packed degrees-minutes-seconds
  place.value = event.latlng.lng.toFixed(digits) + "," + event.latlng.lat.toFixed(digits);
  document.getElementById("crs").value = "";
  // A click is as exact as a few pixels are wide at this zoom; it stays so until another place is typed.
  accuracy.value = String(Math.max(10, Math.round(metresPerPixel * 3)));
  clicked = true;
  ask(query());
});

async function load(address) {
  const reply = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!reply.ok) { throw new Error(address); }
  return reply.json();
}

function countyLabel(properties) {
  const courts = properties.courts.map((court) => [court.name ?? words.unresolved, court.status === "inferred" ? words.inferred : "", court.condition?.[words.lang] ?? ""].filter(Boolean).join(" · "));
  return `<b>${text(properties.name)}</b><br>${courts.map(text).join("<br>")}`;
}

async function draw() {
  const layers = {};
  const counties = await load(`/zones/${encodeURIComponent(words.version)}/features`);
  const zones = L.geoJSON(counties, {
    style: (county) => county.properties.style,
    onEachFeature: (county, layer) => layer.bindTooltip(countyLabel(county.properties), { sticky: true }),
  }).addTo(map);
  layers[words.zones] = zones;
  map.fitBounds(zones.getBounds(), { animate: false, paddingBottomRight: [window.innerWidth > 1100 ? 220 : 0, 0] });
  const centre = {};
  zones.eachLayer((layer) => { centre[layer.feature.id] = layer.getBounds().getCenter(); });
  const rivers = await load("/layers/rivers/items");
  layers[words.rivers] = L.geoJSON(rivers, { style: { color: "#1f78b4", weight: 1.4, opacity: 0.8 }, interactive: false }).addTo(map);
  const sites = L.layerGroup().addTo(map);
  for (const site of (await load("/sites")).features) {
    const known = site.geometry ? L.latLng(site.geometry.coordinates[1], site.geometry.coordinates[0]) : centre[site.properties.adcode];
    if (!known) { continue; }
    const exact = site.properties.precision === "point";
    const look = { color: "#14532d", weight: 1.2, fillColor: "#2f855a", fillOpacity: exact ? 0.9 : 0.18, dashArray: exact ? null : "4 4" };
    const drawn = exact ? L.circleMarker(known, { ...look, radius: 6 }) : L.circle(known, { ...look, radius: site.geometry ? 4000 : 12000 });
    const sample = site.properties.sample ? ` · ${words.sample}` : "";
    drawn.bindTooltip(text(site.properties.name + sample)).addTo(sites);
  }
  layers[words.sites] = sites;
  L.control.layers(null, layers).addTo(map);
}

if (window.innerWidth < 820) { document.querySelector(".legend").open = false; }
if (words.version) { draw().catch(() => { document.getElementById("map").dataset.failed = "yes"; }); }
show(answer);
