/**
 * Leads in motion: draws what simlib.motion says of one run, or of two.
 *
 * In: names and numbers of the model (text, and typed arrays as binary messages). Out:
 * two canvases a world (the map below, the dots above), controls and stories. A stay
 * is a row of the arrays: who, where, from when, until when; the stays stand in the
 * order in which they begin. A dot is drawn where its stay at this moment is; how it
 * glides there is for the eye only. Data become text, never markup; nothing is
 * fetched; a frame makes no objects.
 */

const STATES = 3;
const WAITING = 1;
const SERVED = 2;
const [ENTER, QUEUE, START, FINISH, GIVE_UP] = [0, 1, 2, 3, 4];
const INK = "#1d2b3a";
const DIM = "#5b6b7a";
const RIM = "#c8d2dc";
const ACCENT = "#c1440e";
const UNKNOWN = { name: "the CRM does not know the kind", color: "#5b6b7a", shape: "o" };
const FONT = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const STIFF = 9; // 1/s: a dot is where it belongs after some half second
const NEAR = 0.05; // px squared: so near, a dot has come to where it belongs
const PASSED = 700; // px squared: so near, a dot has passed through
const SHORT_FRAME = 1 / 20; // s: after a pause of the page nothing jumps
const LABELS_EVERY = 100; // ms
const NARROW = 620; // px
const MANY_DESKS = 150;
const ROOMY = 1.5; // widths of a dot from one to the next, where there is room
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun",
  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// --- small helpers ------------------------------------------------------------------

/** Return an array over the bytes of a message, copied so that they are aligned. */
function typed(view, Type) {
  const from = view.byteOffset;
  return new Type(view.buffer.slice(from, from + view.byteLength));
}

/** Return an element with a class, text and children; text is never markup. */
function make(tag, name, text, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = `lead-motion-${name}`;
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

/** Return a label around a control, so that it has a name for everybody. */
function labelled(text, control) {
  return make("label", "", "", make("span", "", text), control);
}

/** Return a list to choose from. */
function choice(pairs) {
  const select = make("select");
  for (const [value, text] of pairs) {
    const option = make("option", "", text);
    option.value = String(value);
    select.append(option);
  }
  return select;
}

/** Return how long something took, in words. */
function lasting(days) {
  if (days < 1 / 24) return `${Math.max(1, Math.round(days * 1440))} minutes`;
  if (days < 2) return `${(days * 24).toFixed(1)} hours`;
  return `${days.toFixed(1)} days`;
}

/** Return how many of the sorted values between two rows are at most `at`. */
function upTo(values, low, high, at) {
  const from = low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low - from;
}

/** Trace a shape of radius `r` around a point; the letters are matplotlib's. */
function trace(pen, shape, x, y, r) {
  const corners = {
    s: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    D: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
    "^": [[0, -1.1], [1.1, 0.85], [-1.1, 0.85]],
    v: [[0, 1.1], [1.1, -0.85], [-1.1, -0.85]],
    P: [[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
      [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]],
  }[shape];
  pen.beginPath();
  if (!corners) pen.arc(x, y, r, 0, 2 * Math.PI);
  else for (const [dx, dy] of corners) pen.lineTo(x + dx * r, y + dy * r);
  pen.closePath();
}

/** Return a small picture of a look, for the legend. */
function glyph(look) {
  const canvas = make("canvas");
  [canvas.width, canvas.height] = [28, 28];
  canvas.style.cssText = "width:14px;height:14px";
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  pen.fillStyle = look.color;
  trace(pen, look.shape, 14, 14, 10);
  pen.fill();
  return canvas;
}

// --- the map: where each place lies -------------------------------------------------

/** Share a length among parts by their weights, none below the least. */
function shared(length, weights, least) {
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const floor = Math.min(least, length / weights.length);
  const spare = length - floor * weights.length;
  return weights.map((weight) => floor + (spare * weight) / all);
}

/** Return the parts of a stage that need room: places, each with a label. */
function partsOf(said, code) {
  const stage = said.stages[code];
  const first = STATES * code;
  const part = (place, label, of = 0) =>
    ({ place, label, of, peak: Math.max(said.peaks[place], of) });
  if (!stage || !stage.team) return [part(first, "")];
  const doing = stage.slots ? "slots held" : "at work";
  const parts = [part(first + WAITING, "waiting"), part(first + SERVED, doing, stage.people)];
  return said.peaks[first] ? [...parts, part(first, "on the way")] : parts;
}

/** Return the boxes of all stages, the way first and then the pools. */
function boxesOf(said) {
  const codes = said.stages.map((_, code) => code);
  const cap = said.stages.length;
  if (said.peaks[STATES * cap]) codes.push(cap);
  const boxes = codes.map((code) => {
    const stage = said.stages[code] ?? { name: "ended by visit cap", terminal: "lost" };
    const parts = partsOf(said, code);
    const need = parts.reduce((sum, part) => sum + part.peak, 0);
    return { code, stage, parts, need, pool: stage.pool || stage.terminal === "lost" };
  });
  return boxes.sort((one, two) => one.pool - two.pool);
}

/** Give a box its parts: below each other, or side by side. */
function divide(box, downwards) {
  const head = box.pool ? 22 : 38;
  const [length, least] = downwards ? [box.h - head, 48] : [box.w, 84];
  const weights = box.parts.map((part) => Math.sqrt(part.peak) + 1);
  let done = 0;
  shared(length, weights, least).forEach((size, turn) => {
    const part = box.parts[turn];
    const label = part.label ? 15 : 0;
    const [x, y] = downwards ? [box.x, box.y + head + done] : [box.x + done, box.y + 23];
    const [w, h] = downwards ? [box.w, size] : [size, box.h - 23];
    Object.assign(part, { x: x + 5, top: y, y: y + label, w: w - 10, h: h - label - 5 });
    done += size;
  });
}

/** Lay stages out from left to right, and the pools below them. */
function wideMap(boxes, width) {
  const [gate, gap, top, below] = [126, 8, 290, 170];
  const row = (some, x, y, height) => {
    const length = width - 8 - x - gap * (some.length - 1);
    const weights = some.map((box) => Math.sqrt(box.need) + 6);
    shared(length, weights, 92).forEach((w, turn) => {
      Object.assign(some[turn], { x, y, w, h: height });
      divide(some[turn], true);
      x += w + gap;
    });
  };
  const pools = boxes.filter((box) => box.pool);
  row(boxes.filter((box) => !box.pool), gate, 8, top);
  row(pools, 8, 8 + top + gap, below);
  const height = 8 + top + (pools.length ? gap + below : 0) + 8;
  return { boxes, height, gate: { x: 8, y: 8, w: gate - 16, h: top, wide: true } };
}

/** Lay stages out from top to bottom, for a narrow page. */
function tallMap(boxes, width, dot) {
  let y = 34;
  for (const box of boxes) {
    const rows = (1.3 * box.need * dot * dot) / (width - 16);
    const least = box.parts.length > 1 ? 80 : 54;
    Object.assign(box, { x: 8, y, w: width - 16, h: least + Math.min(rows, 150) });
    divide(box, false);
    y += box.h + 6;
  }
  return { boxes, height: y + 4, gate: { x: 8, y: 6, w: width - 16, h: 24 } };
}

// --- one world ----------------------------------------------------------------------

class World {
  constructor(said, people, sources, figure) {
    this.said = said;
    this.count = people;
    this.looks = said.sources.map((name) => sources.indexOf(name));
    this.source = typed(said.source, Int32Array);
    this.views = {};
    for (const [name, view] of Object.entries(said.views)) {
      this.views[name] = {
        bounds: typed(view.bounds, Int32Array),
        comes: typed(view.comes, Float32Array),
        goes: typed(view.goes, Float32Array),
        begun: typed(view.begun, Float32Array),
        until: typed(view.until, Float32Array),
      };
      for (const column of ["lead", "place", "spot", "event", "reason", "kind"]) {
        this.views[name][column] = typed(view[column], Int32Array);
      }
      this.chain(this.views[name]);
    }
    for (const name of ["x", "y", "vx", "vy", "tx", "ty"]) {
      this[name] = new Float32Array(people);
    }
    this.stay = new Int32Array(people).fill(-1); // the stay that each dot is in
    this.goal = new Int32Array(people).fill(-1); // the stay that it glides to
    this.passing = new Int32Array(people); // the stay that it glides through on its way
    this.there = new Uint8Array(people); // whether it was drawn before
    this.rests = new Uint8Array(people); // whether it is drawn for good
    this.seen = 0; // the day drawn last
    const places = said.peaks.length;
    this.waiting = new Int32Array(places); // who is counted in a queue, in this frame
    for (const name of ["left", "up", "cell", "columns"]) {
      this[name] = new Float32Array(places);
    }
    this.build(figure);
  }

  /** Find for each stay the same lead's stays before and after it. */
  chain(view) {
    const count = view.lead.length;
    const last = new Int32Array(this.count).fill(-1);
    view.before = new Int32Array(count).fill(-1);
    view.after = new Int32Array(count).fill(-1);
    view.lead.forEach((dot, row) => {
      view.before[row] = last[dot];
      if (last[dot] >= 0) view.after[last[dot]] = row;
      last[dot] = row;
    });
  }

  build(figure) {
    this.stack = make("div", "stack");
    this.paper = make("canvas"); // the map and its numbers
    this.rest = make("canvas"); // the dots that will not move again
    this.glass = make("canvas"); // the other dots
    this.rest.setAttribute("aria-hidden", "true");
    this.paper.setAttribute("aria-hidden", "true");
    this.glass.setAttribute("role", "img");
    this.stack.append(this.paper, this.rest, this.glass);
    figure.append(this.stack);
  }

  /** Fit the map to the page. */
  fit(width, density, radius) {
    this.width = width;
    this.density = density;
    const dot = 2 * radius + 1.5;
    const boxes = boxesOf(this.said);
    this.map = width < NARROW ? tallMap(boxes, width, dot) : wideMap(boxes, width);
    for (const canvas of [this.paper, this.rest, this.glass]) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(this.map.height * density);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${this.map.height}px`;
    }
    this.stack.style.height = `${this.map.height + 2}px`;
    for (const box of this.map.boxes) this.grids(box, dot);
    this.thaw();
  }

  /** Draw all dots anew, those too that were drawn for good. */
  thaw() {
    this.rests.fill(0);
    this.rest.getContext("2d").clearRect(0, 0, this.rest.width, this.rest.height);
  }

  /** Divide the parts of a box; who passes at once through another place sees the first. */
  grids(box, dot) {
    for (const part of box.parts) this.grid(part, dot);
    const [first] = box.parts;
    const known = new Set(box.parts.map((part) => part.place));
    for (let place = STATES * box.code; place < STATES * (box.code + 1); place += 1) {
      if (known.has(place)) continue;
      for (const each of [this.left, this.up, this.cell, this.columns]) {
        each[place] = each[first.place];
      }
    }
  }

  /** Divide a part into spots, as wide as there is room for, but never wasteful. */
  grid(part, dot) {
    const { place, x, y, w, h, peak } = part;
    let cell = ROOMY * dot;
    const fits = (size) => Math.floor(w / size) * Math.floor(h / size) >= peak;
    while (cell > 0.6 && !fits(cell)) cell *= 0.96;
    this.cell[place] = cell;
    this.columns[place] = Math.max(1, Math.floor(w / cell));
    this.left[place] = x + cell / 2;
    this.up[place] = y + cell / 2;
  }

  /** Choose the truth or what the CRM sees. */
  look(view) {
    if (this.view === view) return;
    this.view = view;
    this.table = this.views[view] ?? this.views.truth;
    this.isCrm = view === "crm";
    this.isNew = true;
    this.thaw();
  }

  /** Find where everybody is at a moment, and move them towards there. */
  step(day, seconds, leaps) {
    if (day < this.seen) this.thaw();
    this.seen = day;
    this.seat(Math.min(day, this.said.horizon));
    const moving = this.glide(Math.min(seconds, SHORT_FRAME), leaps || this.isNew);
    this.isNew = false;
    return moving;
  }

  /** Give each dot the spot of its stay; a queue is in the order of joining it. */
  seat(day) {
    const { lead, place, begun, until, spot } = this.table;
    this.stay.fill(-1);
    this.waiting.fill(0);
    for (let row = 0; row < lead.length && begun[row] <= day; row += 1) {
      if (until[row] <= day) continue;
      const dot = lead[row];
      const at = place[row];
      const turn = at % STATES === WAITING ? this.waiting[at]++ : spot[row];
      const columns = this.columns[at];
      this.stay[dot] = row;
      this.tx[dot] = this.left[at] + (turn % columns) * this.cell[at];
      this.ty[dot] = this.up[at] + Math.floor(turn / columns) * this.cell[at];
    }
  }

  /** Move the dots like weights on springs; return whether any is still on its way. */
  glide(seconds, leaps) {
    const { x, y, vx, vy, tx, ty, there, stay, rests, goal, passing } = this;
    let moving = false;
    for (let dot = 0; dot < this.count; dot += 1) {
      if (rests[dot]) continue;
      if (stay[dot] < 0) {
        there[dot] = 0;
        continue;
      }
      if (goal[dot] !== stay[dot] || leaps) {
        goal[dot] = stay[dot];
        passing[dot] = leaps ? stay[dot] : this.wayTo(stay[dot]);
      }
      if (!there[dot] || leaps) {
        x[dot] = leaps ? tx[dot] : this.gateX(dot);
        y[dot] = leaps ? ty[dot] : this.gateY(dot);
        vx[dot] = vy[dot] = 0;
        there[dot] = 1;
      }
      const isLast = passing[dot] === stay[dot];
      const dx = (isLast ? tx[dot] : this.passX(dot)) - x[dot];
      const dy = (isLast ? ty[dot] : this.passY(dot)) - y[dot];
      const far = dx * dx + dy * dy;
      if (far < NEAR && isLast) continue;
      if (far < PASSED && !isLast) passing[dot] = this.onward(passing[dot], stay[dot]);
      moving = true;
      vx[dot] += (STIFF * STIFF * dx - 2 * STIFF * vx[dot]) * seconds;
      vy[dot] += (STIFF * STIFF * dy - 2 * STIFF * vy[dot]) * seconds;
      x[dot] += vx[dot] * seconds;
      y[dot] += vy[dot] * seconds;
    }
    return moving;
  }

  /**
   * Return the stay through which a dot glides first on its way to a stay: the stays
   * before it that lasted no time are seen in passing.
   */
  wayTo(row) {
    const { before, begun, until, place } = this.table;
    let first = row;
    while (before[first] >= 0 && until[before[first]] <= begun[before[first]]) {
      first = before[first];
    }
    const isSame = Math.floor(place[first] / STATES) === Math.floor(place[row] / STATES);
    return first !== row && isSame ? this.onward(first, row) : first;
  }

  /** Return the next stay on the way, leaving out those in the last one's stage. */
  onward(from, row) {
    const { after, place } = this.table;
    const stage = Math.floor(place[row] / STATES);
    let next = after[from];
    while (next !== row && Math.floor(place[next] / STATES) === stage) next = after[next];
    return next;
  }

  /** Where a dot glides through a place: somewhere in its upper rows. */
  passX(dot) {
    const at = this.table.place[this.passing[dot]];
    return this.left[at] + (dot % this.columns[at]) * this.cell[at];
  }

  passY(dot) {
    const at = this.table.place[this.passing[dot]];
    return this.up[at] + (dot % 3) * this.cell[at];
  }

  /** Where the source of a dot stands on the map. */
  gateX(dot) {
    const { gate } = this.map;
    const many = this.said.sources.length;
    return gate.wide ? gate.x + gate.w : gate.x + (gate.w * (this.source[dot] + 0.5)) / many;
  }

  gateY(dot) {
    const { gate } = this.map;
    const many = this.said.sources.length;
    return gate.wide ? gate.y + 30 + ((gate.h - 30) * (this.source[dot] + 0.5)) / many
      : gate.y + gate.h;
  }

  /** Draw the dots from a sheet of ready pictures. */
  draw(sheet, by, chosen) {
    const pen = this.glass.getContext("2d");
    const forGood = this.rest.getContext("2d");
    const { x, y, tx, ty, there, rests, stay, passing, density } = this;
    const size = sheet.size;
    const { kind, until } = this.table;
    pen.clearRect(0, 0, this.glass.width, this.glass.height);
    for (let dot = 0; dot < this.count; dot += 1) {
      if (!there[dot] || rests[dot]) continue;
      let look = by === "source" ? this.looks[this.source[dot]] : kind[stay[dot]];
      if (look < 0 || (by === "kind" && this.isCrm)) look = sheet.unknown;
      const dx = tx[dot] - x[dot];
      const dy = ty[dot] - y[dot];
      const isHere = dx * dx + dy * dy < NEAR && passing[dot] === stay[dot];
      if (isHere && until[stay[dot]] === Infinity) rests[dot] = 1;
      (rests[dot] ? forGood : pen).drawImage(sheet.canvas, look * size, 0, size, size,
        Math.round(x[dot] * density - size / 2), Math.round(y[dot] * density - size / 2),
        size, size);
    }
    if (chosen >= 0 && there[chosen]) this.ring(pen, x[chosen], y[chosen]);
  }

  ring(pen, x, y) {
    pen.save();
    pen.scale(this.density, this.density);
    for (const [color, line] of [["#fff", 6], [ACCENT, 3]]) {
      [pen.strokeStyle, pen.lineWidth] = [color, line];
      trace(pen, "o", x, y, 10);
      pen.stroke();
    }
    pen.restore();
  }

  /** Return how many are in a place at a moment, those counted who are not drawn. */
  inPlace(place, day) {
    const { bounds, comes, goes } = this.table;
    const [low, high] = [bounds[place], bounds[place + 1]];
    return upTo(comes, low, high, day) - upTo(goes, low, high, day);
  }

  /** Return how many are in a stage, whatever they do there. */
  inStage(code, day) {
    if (code === this.said.stages.length) return this.inPlace(STATES * code, day);
    let sum = 0;
    for (let state = 0; state < STATES; state += 1) {
      sum += this.inPlace(STATES * code + state, day);
    }
    return sum;
  }

  /** Draw the boxes with their names and numbers. */
  label(day) {
    const at = Math.min(day, this.said.horizon);
    const pen = this.paper.getContext("2d");
    pen.save();
    pen.scale(this.density, this.density);
    pen.clearRect(0, 0, this.width, this.map.height);
    pen.textBaseline = "top";
    for (const box of this.map.boxes) this.box(pen, box, at);
    this.gates(pen);
    pen.restore();
  }

  box(pen, box, day) {
    const { stage, x, y, w, h } = box;
    const hidden = this.isCrm && stage.anonymous;
    pen.fillStyle = stage.terminal === "won" ? "#e6f0f7" : box.pool ? "#f6f3ef" : "#fafbfc";
    pen.strokeStyle = stage.terminal === "won" ? "#1f4e79" : RIM;
    pen.lineWidth = stage.terminal === "won" ? 2 : 1;
    pen.fillRect(x, y, w, h);
    pen.strokeRect(x, y, w, h);
    const count = hidden ? "not seen" : this.inStage(box.code, day).toLocaleString("en");
    const below = this.map.gate.wide && !box.pool;
    this.write(pen, stage.name, x + 6, y + 4, w - (below ? 10 : 70), `600 13px ${FONT}`);
    pen.textAlign = below ? "left" : "right";
    this.write(pen, count, below ? x + 6 : x + w - 6, y + (below ? 19 : 4), w - 10,
      `600 13px ${FONT}`, "#1f4e79");
    pen.textAlign = "left";
    if (box.parts.length > 1) for (const part of box.parts) this.part(pen, part, day);
  }

  part(pen, part, day) {
    const count = this.inPlace(part.place, day).toLocaleString("en");
    const { wide } = this.map.gate;
    const text = part.of ? `${count}${wide ? " of " : "/"}${part.of}` : count;
    pen.fillStyle = RIM;
    if (wide) pen.fillRect(part.x - 5, part.top - 2, part.w + 10, 1);
    this.desks(pen, part);
    this.write(pen, `${text} ${part.label}`, part.x, part.top, part.w + 6,
      `${wide ? 11.5 : 11}px ${FONT}`, "#44525f");
  }

  /** Draw a desk for each person or slot, where there are not too many. */
  desks(pen, part) {
    if (part.of > MANY_DESKS) return;
    const [cell, columns] = [this.cell[part.place], this.columns[part.place]];
    pen.strokeStyle = "#8a97a3";
    pen.lineWidth = 1;
    for (let desk = 0; desk < part.of; desk += 1) {
      const x = this.left[part.place] + (desk % columns) * cell;
      const y = this.up[part.place] + Math.floor(desk / columns) * cell;
      pen.strokeRect(x - cell / 2 + 1, y - cell / 2 + 1, cell - 2, cell - 2);
    }
  }

  /** Write a text, cut where it would not fit. */
  write(pen, text, x, y, width, font, color = INK) {
    pen.font = font;
    pen.fillStyle = color;
    let cut = text;
    while (cut.length > 2 && pen.measureText(cut).width > width) {
      cut = `${cut.slice(0, -2).trimEnd()}…`;
    }
    pen.fillText(cut, x, y);
  }

  /** Name the sources where their leads come in. */
  gates(pen) {
    const { gate } = this.map;
    const { sources } = this.said;
    if (!gate.wide) {
      const text = sources.length > 3 ? `from ${sources.length} sources` : sources.join(", ");
      this.write(pen, `\u2193 ${text}`, gate.x, gate.y + 4, gate.w, `12px ${FONT}`, "#44525f");
      return;
    }
    this.write(pen, "come from", gate.x, gate.y + 4, gate.w, `600 13px ${FONT}`);
    const step = (gate.h - 30) / sources.length;
    sources.forEach((name, turn) => {
      const y = gate.y + 30 + step * (turn + 0.5) - 6;
      this.write(pen, name, gate.x, y, gate.w - 4, `11.5px ${FONT}`, "#44525f");
    });
  }

  /** Return the dot nearest to a point, or -1 if none is near. */
  nearest(x, y, reach) {
    let [found, least] = [-1, reach * reach];
    for (let dot = 0; dot < this.count; dot += 1) {
      if (!this.there[dot]) continue;
      const distance = (this.x[dot] - x) ** 2 + (this.y[dot] - y) ** 2;
      if (distance <= least) [found, least] = [dot, distance];
    }
    return found;
  }

  /** Say in words where everybody is. */
  summary(day) {
    const at = Math.min(day, this.said.horizon);
    const told = boxesOf(this.said).map((box) => {
      const queue = box.parts.find((part) => part.place % STATES === WAITING);
      const waits = queue && box.parts.length > 1
        ? ` (${this.inPlace(queue.place, at)} waiting)` : "";
      return `${box.stage.name} ${this.inStage(box.code, at)}${waits}`;
    });
    return `${this.said.title}: ${told.join(", ")}`;
  }

  // --- stories ----------------------------------------------------------------------

  /** Return what happened to a lead: [day, text], in order. */
  story(dot, names) {
    const { lead, begun } = this.table;
    const told = [];
    let [before, joined] = [-1, 0];
    for (let row = 0; row < lead.length; row += 1) {
      if (lead[row] !== dot) continue;
      const text = this.event(row, before, joined, dot);
      if (this.table.event[row] === QUEUE) joined = begun[row];
      const kind = this.table.kind[row];
      const turned = before >= 0 && this.table.kind[before] !== kind && kind >= 0;
      if (turned) told.push([begun[row], `turns ${names[kind]} (only the truth knows)`]);
      if (text) told.push([begun[row], text]);
      before = row;
    }
    return told;
  }

  event(row, before, joined, dot) {
    const { event, place, begun, until } = this.table;
    const stage = this.said.stages[Math.floor(place[row] / STATES)];
    const waited = begun[row] - joined;
    switch (event[row]) {
      case ENTER: return this.entry(row, before, stage, dot);
      case QUEUE: return until[row] > begun[row] ? `waits for ${stage.team}` : "";
      case START: {
        const took = stage.slots ? `gets a slot of ${stage.team}` : `${stage.team} takes it up`;
        return `${took}${waited > 0 ? ` after ${lasting(waited)}` : " at once"}`;
      }
      case FINISH: return `${stage.team} is done`;
      case GIVE_UP: return `gives up after ${lasting(waited)} of waiting`;
      default: return "may not come back once more: ended by the visit cap";
    }
  }

  entry(row, before, stage, dot) {
    const reason = this.said.reasons[this.table.reason[row]];
    const why = reason ? ` (${reason})` : "";
    if (before < 0) return `comes from ${this.said.sources[this.source[dot]]}: ${stage.name}`;
    if (stage.terminal === "won") return `is won: ${stage.name}${why}`;
    if (stage.terminal === "lost") return `is lost: ${stage.name}${why}`;
    if (stage.pool) return `goes to ${stage.name}${why}`;
    const from = this.said.stages[Math.floor(this.table.place[before] / STATES)];
    if (from && from.pool) return `comes back from ${from.name}: ${stage.name}`;
    return `goes on to ${stage.name}${why}`;
  }
}

// --- clock, controls, stories -------------------------------------------------------

class Show {
  constructor(model, el) {
    this.model = model;
    this.people = model.get("people");
    this.number = new Map(this.people.map((name, turn) => [name, turn]));
    this.horizon = Math.max(...model.get("worlds").map((said) => said.horizon));
    this.start = Date.parse(`${model.get("worlds")[0].start}T00:00:00Z`);
    this.kinds = model.get("looks").kind.map((look) => look.name);
    this.day = model.get("day");
    this.chosen = -1;
    this.frame = 0;
    this.labelled = -LABELS_EVERY;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.tick = this.tick.bind(this);
    this.build(el);
    this.listen();
    this.obey();
  }

  // --- the page

  build(el) {
    this.root = make("div", "");
    this.root.className = "lead-motion";
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Leads in motion");
    // Keys pressed here are for these controls, not for the notebook around them.
    this.root.setAttribute("data-lm-suppress-shortcuts", "true");
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.spoken = make("p", "unseen");
    this.spoken.setAttribute("aria-live", "polite");
    this.legend = make("ul", "legend");
    this.legend.setAttribute("aria-label", "What the dots are");
    this.stories = make("div", "stories");
    this.root.append(this.clockBar(), this.lookBar(), this.legend, this.figures(),
      this.note(), this.followBar(), this.stories, this.spoken);
    el.append(this.root);
  }

  clockBar() {
    this.play = make("button", "play", "Play");
    this.again = make("button", "", "Back to the start");
    this.play.type = this.again.type = "button";
    this.range = make("input");
    Object.assign(this.range, { type: "range", min: 0, max: this.horizon });
    this.range.step = this.horizon >= 60 ? 1 : "any";
    this.now = make("output", "now");
    this.now.setAttribute("aria-live", "off");
    this.speed = choice(this.model.get("speeds").map((speed) => [speed, `${speed}`]));
    const day = labelled("Day", this.range);
    day.className = "lead-motion-day";
    return make("div", "bar", "", this.play, this.again, day, this.now,
      labelled("Days a second", this.speed));
  }

  lookBar() {
    this.by = choice([["source", "source"], ["kind", "kind of lead"]]);
    if (!this.kinds.length) this.by.lastChild.disabled = true;
    this.view = choice([["truth", "the truth"], ["crm", "what a CRM sees"]]);
    return make("div", "bar", "", labelled("Colour and shape by", this.by),
      labelled("Show", this.view));
  }

  figures() {
    const worlds = make("div", "worlds");
    const sources = this.model.get("looks").source.map((look) => look.name);
    this.worlds = this.model.get("worlds").map((said) => {
      const figure = make("figure", "world", "", make("figcaption", "", said.title));
      worlds.append(figure);
      return new World(said, this.people.length, sources, figure);
    });
    return worlds;
  }

  note() {
    const all = Math.max(...this.worlds.map((world) => world.said.leads));
    const shown = this.people.length;
    const some = all > shown ? `${shown.toLocaleString("en")} of `
      + `${all.toLocaleString("en")} leads are drawn, a fair part; the numbers count all. ` : "";
    const text = `${some}A dot is a lead; click one to follow it. `
      + "Who is through a stage at once glides through it uncounted.";
    return make("p", "note", text);
  }

  followBar() {
    this.who = make("input");
    Object.assign(this.who, { type: "number", min: 1, max: this.people.length, step: 1 });
    this.winner = make("button", "", "Next who is won");
    this.nobody = make("button", "", "Stop following");
    this.winner.type = this.nobody.type = "button";
    const text = `Follow lead number (1 to ${this.people.length.toLocaleString("en")})`;
    return make("div", "bar", "", labelled(text, this.who), this.winner, this.nobody);
  }

  // --- what is done to it

  listen() {
    const { model } = this;
    this.play.addEventListener("click", () => this.toggle());
    this.again.addEventListener("click", () => this.goTo(0, true));
    this.range.addEventListener("input", () => this.goTo(Number(this.range.value), false));
    this.range.addEventListener("change", () => this.tell("day", this.day));
    this.speed.addEventListener("change", () => this.tell("speed", Number(this.speed.value)));
    this.by.addEventListener("change", () => this.tell("by", this.by.value));
    this.view.addEventListener("change", () => this.tell("view", this.view.value));
    this.who.addEventListener("input", () => this.follow(Number(this.who.value) - 1));
    this.winner.addEventListener("click", () => this.follow(this.nextWinner()));
    this.nobody.addEventListener("click", () => this.follow(-1));
    for (const world of this.worlds) {
      world.glass.addEventListener("click", (event) => {
        this.follow(world.nearest(event.offsetX, event.offsetY, 14));
      });
    }
    this.obeying = () => this.obey();
    for (const name of ["by", "view", "speed", "playing", "followed"]) {
      model.on(`change:${name}`, this.obeying);
    }
    this.moved = () => this.goTo(model.get("day"), false);
    model.on("change:day", this.moved);
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.root);
  }

  toggle() {
    if (this.playing) this.model.set("day", this.day);
    this.tell("playing", !this.playing);
  }

  tell(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  goTo(day, tells) {
    this.day = Math.min(Math.max(day, 0), this.horizon);
    if (tells) this.tell("day", this.day);
    if (!this.model.get("playing")) this.speak();
    this.wake();
  }

  follow(dot) {
    this.tell("followed", this.people[dot] ?? "");
  }

  nextWinner() {
    const { table, said } = this.worlds[0];
    const won = new Set();
    table.place.forEach((place, row) => {
      const stage = said.stages[Math.floor(place / STATES)];
      if (stage && stage.terminal === "won") won.add(table.lead[row]);
    });
    const sorted = [...won].sort((one, two) => one - two);
    return sorted.find((dot) => dot > this.chosen) ?? sorted[0] ?? -1;
  }

  /** Show what the model says. */
  obey() {
    const { model } = this;
    this.playing = model.get("playing");
    if (this.playing && this.day >= this.horizon) this.day = 0;
    this.pace = model.get("speed");
    this.play.textContent = this.playing ? "Pause" : "Play";
    this.speed.value = String(this.pace);
    this.by.value = model.get("by");
    this.view.value = model.get("view");
    const chosen = this.number.get(model.get("followed")) ?? -1;
    // Nobody's typing is overwritten by an answer that says nothing new.
    if (chosen !== this.chosen) this.who.value = chosen >= 0 ? chosen + 1 : "";
    this.chosen = chosen;
    this.nobody.disabled = this.chosen < 0;
    for (const world of this.worlds) world.look(this.view.value);
    this.dress();
    this.tellStories();
    if (!this.playing) this.speak();
    this.wake();
  }

  /** Give the dots their looks, and name them. */
  dress() {
    const worn = `${this.by.value} ${this.view.value}`;
    if (worn === this.worn) return;
    this.worn = worn;
    if (this.radius) this.sheet = this.drawSheet();
    for (const world of this.worlds) world.thaw();
    const looks = this.looks();
    this.legend.replaceChildren(...looks.map((look) =>
      make("li", "", "", glyph(look), make("span", "", look.name))));
  }

  looks() {
    if (this.by.value === "source") return this.model.get("looks").source;
    const kinds = this.model.get("looks").kind;
    return this.view.value === "crm" || !kinds.length ? [UNKNOWN] : kinds;
  }

  // --- stories

  tellStories() {
    this.lines = [];
    this.stories.replaceChildren();
    if (this.chosen < 0) return;
    const name = this.people[this.chosen];
    for (const world of this.worlds) {
      const title = this.worlds.length > 1 ? `${name} in ${world.said.title}` : name;
      const list = make("ol");
      list.tabIndex = 0;
      list.setAttribute("aria-label", `What happens to ${title}`);
      const story = world.story(this.chosen, this.kinds);
      for (const [day, text] of story) {
        const line = make("li", "", `Day ${day.toFixed(1)}: ${text}`);
        this.lines.push({ world, day, line, list });
        list.append(line);
      }
      if (!story.length) list.append(make("li", "", this.absent()));
      this.stories.append(make("div", "story", "", make("h4", "", title), list));
    }
  }

  absent() {
    return this.view.value === "crm" ? "The CRM does not know it." : "Does not come here.";
  }

  markStories() {
    let now = null;
    this.lines.forEach((entry, turn) => {
      const past = entry.day <= this.day;
      const next = this.lines[turn + 1];
      const last = !next || next.world !== entry.world || next.day > this.day;
      entry.line.classList.toggle("past", past);
      entry.line.classList.toggle("now", past && last);
      if (past && last) now = entry;
    });
    if (now && this.playing) {
      now.list.scrollTop = now.line.offsetTop - now.list.offsetTop - now.list.clientHeight / 2;
    }
  }

  speak() {
    const told = this.worlds.map((world) => world.summary(this.day)).join(". ");
    this.spoken.textContent = `${this.dated()}. ${told}`;
    this.worlds.forEach((world) => {
      world.glass.setAttribute("aria-label",
        `Leads as dots in their stages. ${this.dated()}. ${world.summary(this.day)}`);
    });
  }

  dated() {
    const day = Math.floor(this.day);
    const date = new Date(this.start + day * 86400000);
    const week = DAYS[(date.getUTCDay() + 6) % 7];
    return `Day ${day.toLocaleString("en")} \u00b7 ${week} ${date.getUTCDate()} `
      + `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  // --- frames

  /** Fit maps and dots to the page, if it is not as wide as before. */
  fit() {
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const format = `${this.root.clientWidth} ${density}`;
    if (format === this.format || !this.root.clientWidth) return;
    [this.format, this.density] = [format, density];
    const shown = this.people.length;
    this.radius = shown > 2500 ? 3 : shown > 600 ? 3.6 : 4.5;
    for (const world of this.worlds) {
      const width = Math.floor(world.stack.clientWidth);
      if (width) world.fit(width, density, this.radius);
    }
    this.sheet = this.drawSheet();
    this.arrive = true;
    this.wake();
  }

  /** Draw each look once; a frame only copies. */
  drawSheet() {
    const { density } = this;
    const looks = [...this.looks(), UNKNOWN];
    const size = Math.ceil((2 * this.radius + 3) * density);
    const canvas = make("canvas");
    [canvas.width, canvas.height] = [size * looks.length, size];
    const pen = canvas.getContext("2d");
    looks.forEach((look, turn) => {
      pen.fillStyle = look.color;
      pen.strokeStyle = "#fff";
      pen.lineWidth = 0.7 * density;
      trace(pen, look.shape, size * (turn + 0.5), size / 2, this.radius * density);
      pen.fill();
      pen.stroke();
    });
    return { canvas, size, unknown: looks.length - 1 };
  }

  wake() {
    if (!this.frame) {
      this.before = 0;
      this.frame = requestAnimationFrame(this.tick);
    }
  }

  tick(time) {
    this.frame = 0;
    const seconds = this.before ? (time - this.before) / 1000 : 0;
    if (this.playing) this.advance(seconds, time);
    const leaps = this.arrive || this.still.matches;
    let moving = false;
    for (const world of this.worlds) {
      if (!world.map || !this.sheet) continue;
      moving = world.step(this.day, seconds, leaps) || moving;
      world.draw(this.sheet, this.by.value, this.chosen);
    }
    this.arrive = false;
    const rests = !this.playing && !moving;
    if (rests || time - this.labelled >= LABELS_EVERY) this.write(time);
    this.before = time;
    if (!rests) this.frame = requestAnimationFrame(this.tick);
  }

  /** Let time pass; who wants no motion gets a new picture once a second. */
  advance(seconds, time) {
    if (!this.still.matches) {
      this.day += Math.min(seconds, 0.1) * this.pace;
    } else if (time - (this.leapt ?? 0) >= 1000) {
      this.day += this.pace;
      this.leapt = time;
    }
    if (this.day < this.horizon) return;
    this.day = this.horizon;
    this.playing = false;
    this.tell("playing", false);
    this.tell("day", this.day);
  }

  write(time) {
    this.labelled = time;
    const text = this.dated();
    if (this.now.textContent !== text) this.now.textContent = text;
    this.range.value = String(this.day);
    this.range.setAttribute("aria-valuetext", text);
    for (const world of this.worlds) if (world.map) world.label(this.day);
    this.markStories();
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.sized.disconnect();
    for (const name of ["by", "view", "speed", "playing", "followed"]) {
      this.model.off(`change:${name}`, this.obeying);
    }
    this.model.off("change:day", this.moved);
    this.root.remove();
  }
}

export default {
  render({ model, el }) {
    const show = new Show(model, el);
    return () => show.close();
  },
};
