// What gcoord makes of positions. In: {from, to, points: [[lon, lat]]}; out: [[lon, lat]].
const gcoord = require("gcoord");

const { from, to, points } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const moved = points.map((point) => gcoord.transform(point, gcoord[from], gcoord[to]));
process.stdout.write(JSON.stringify(moved));
