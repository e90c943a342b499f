// What turf makes of shapes cut by zones: the area (m²) or length (m) of each shape, and of its part in each zone.
// In: {zones: [{key, geometry}], shapes: [geometry]}, GeoJSON; out: [{whole, parts: {key: number}}].
const { area } = require("@turf/area");
const { bbox } = require("@turf/bbox");
const { bboxClip } = require("@turf/bbox-clip");
const { booleanPointInPolygon } = require("@turf/boolean-point-in-polygon");
const { feature, featureCollection } = require("@turf/helpers");
const { intersect } = require("@turf/intersect");
const { length } = require("@turf/length");
const { lineSplit } = require("@turf/line-split");

const MARGIN = 0.01; // degrees: the straight edges of a clipped zone stay away from the shape

// Each part of a shape is cut apart from the others: parts may lie far from each other.
function partsOf({ type, coordinates }) {
  if (!type.startsWith("Multi")) return [feature({ type, coordinates })];
  return coordinates.map((part) => feature({ type: type.slice("Multi".length), coordinates: part }));
}

function near(zones, shape) {
  const [west, south, east, north] = bbox(shape);
  const box = [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
  return zones
    .filter(({ box: b }) => b[0] <= box[2] && b[2] >= box[0] && b[1] <= box[3] && b[3] >= box[1])
    .map(({ key, whole }) => ({ key, zone: clip(whole, box) }))
    .filter(({ zone }) => zone.geometry.coordinates.length);
}

// bboxClip leaves empty polygons and rings where nothing of them is in the box.
function clip(zone, box) {
  const polygons = bboxClip(zone, box).geometry.coordinates.map((rings) => rings.filter((ring) => ring.length > 3));
  return feature({ type: "MultiPolygon", coordinates: polygons.filter((rings) => rings.length) });
}

function areaWithin(polygon, zone) {
  const part = intersect(featureCollection([polygon, zone]));
  return part ? area(part) : 0;
}

function lengthWithin(line, zone) {
  const split = lineSplit(line, zone).features;
  const pieces = split.length ? split : [line];
  return pieces
    .filter((piece) => booleanPointInPolygon(middle(piece), zone))
    .reduce((sum, piece) => sum + length(piece, { units: "meters" }), 0);
}

// The middle of the longest step of a piece: as far from the cuts as may be.
function middle({ geometry: { coordinates: at } }) {
  const size = (i) => Math.hypot(at[i][0] - at[i - 1][0], at[i][1] - at[i - 1][1]);
  let longest = 1;
  for (let i = 2; i < at.length; i++) if (size(i) > size(longest)) longest = i;
  return [(at[longest][0] + at[longest - 1][0]) / 2, (at[longest][1] + at[longest - 1][1]) / 2];
}

const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const zones = given.zones.map(({ key, geometry }) => ({ key, whole: feature(geometry), box: bbox(geometry) }));
const answers = given.shapes.map((geometry) => {
  const flat = geometry.type.endsWith("Polygon");
  const sizeOf = flat ? area : (line) => length(line, { units: "meters" });
  const sizeWithin = flat ? areaWithin : lengthWithin;
  const answer = { whole: 0, parts: {} };
  for (const part of partsOf(geometry)) {
    answer.whole += sizeOf(part);
    for (const { key, zone } of near(zones, part)) {
      const size = sizeWithin(part, zone);
      if (size > 0) answer.parts[key] = (answer.parts[key] || 0) + size;
    }
  }
  return answer;
});
process.stdout.write(JSON.stringify(answers));
