// Pictures of a grid, as SVG with axes and units, readable without colour.
// In: a grid, what is set and held, and a width in pixels. Out: an SVG element.
"use strict";

{
  const FRAME = { top: 14, right: 20, bottom: 50, left: 62 };
  const NARROW = 520;
  const HALF_WORD = 24;

  const svg = (name, attributes = {}, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.textContent = text;
    return element;
  };

  const paper = (width, height, said) => svg("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said,
  });

  // Round numbers from `low` to `high`, some five of them.
  const ticks = (low, high, most = 5) => {
    const rough = (high - low) / most || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((times) => times * power >= rough) * power;
    const found = [];
    for (let one = Math.ceil(low / step); one * step <= high + step * 1e-9; one += 1) {
      found.push(Number((one * step).toPrecision(12)));
    }
    return found;
  };

  const scale = (low, high, from, to) => (value) =>
    from + (high === low ? 0.5 : (value - low) / (high - low)) * (to - from);

  const number = (value) => value.toLocaleString("en-GB", { maximumSignificantDigits: 6 });

  const acrossAxis = (picture, box, x, marks, title) => {
    const { width, height } = box;
    const bottom = height - FRAME.bottom;
    picture.append(svg("line", {
      class: "axis", x1: box.left, x2: width - FRAME.right, y1: bottom, y2: bottom,
    }));
    for (const [value, text] of marks) {
      picture.append(svg("line", {
        class: "axis", x1: x(value), x2: x(value), y1: bottom, y2: bottom + 5,
      }));
      picture.append(svg("text", {
        x: x(value), y: bottom + 19, "text-anchor": "middle",
      }, text));
    }
    const middle = (box.left + width - FRAME.right) / 2;
    picture.append(svg("text", {
      class: "title", x: middle, y: height - 8, "text-anchor": "middle",
    }, title));
  };

  const upAxis = (picture, box, y, marks, title) => {
    for (const value of marks) {
      picture.append(svg("line", {
        class: "grid", x1: box.left, x2: box.width - FRAME.right, y1: y(value), y2: y(value),
      }));
      picture.append(svg("text", {
        x: box.left - 8, y: y(value) + 4, "text-anchor": "end",
      }, number(value)));
    }
    const middle = (FRAME.top + box.height - FRAME.bottom) / 2;
    picture.append(svg("text", {
      class: "title", x: 0, y: 0, "text-anchor": "middle",
      transform: `translate(13 ${middle}) rotate(-90)`,
    }, title));
  };

  const diamond = (x, y, size = 8) =>
    `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;

  const line = (points) => points
    .filter(([, y]) => Number.isFinite(y))
    .map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");

  // The figure at each value of one control, the others as they are set.
  const curve = (grid, metric, settings, place) =>
    grid.controls[place].values.map((_, value) => {
      const there = Object.assign([...settings], { [place]: value });
      const factor = grid.figureOf(metric).factor;
      const runs = grid.runs(metric, there).map((one) => one * factor);
      return { ...leadLab.interval(runs, grid.student), band: leadLab.band(runs) };
    });

  const along = (grid, state, width) => {
    const control = grid.controls[state.moved];
    const figure = grid.figureOf(state.figure);
    const now = curve(grid, state.figure, state.settings, state.moved);
    const old = state.held ? curve(grid, state.figure, state.held, state.moved) : [];
    const at = control.numbers ?? control.values.map((_, place) => place);
    const unit = control.unit ? ` (${control.unit})` : "";
    const ends = [...now, ...old].flatMap((one) => [one.band.high, one.mean]);
    const most = Math.max(...ends.filter(Number.isFinite), 1e-9);
    const height = width < NARROW ? 270 : 340;
    const box = { left: FRAME.left, width, height };
    const inset = control.numbers ? 8 : 8 + HALF_WORD; // words stand under their marks
    const x = scale(at[0], at.at(-1), box.left + inset, width - FRAME.right - inset);
    const y = scale(0, most * 1.06, height - FRAME.bottom, FRAME.top);
    const told = now.map((one, value) =>
      `${control.texts[value]}: ${leadLab.said({ ...figure, factor: 1 }, one.mean)}`);
    const picture = paper(width, height,
      `${figure.label} by ${control.label}. ${told.join("; ")}.`);
    const marks = control.numbers
      ? ticks(at[0], at.at(-1), width < NARROW ? 4 : 7).map((one) => [one, number(one)])
      : control.texts.map((text, place) => [place, text]);
    upAxis(picture, box, y, ticks(0, most * 1.06), figure.label);
    acrossAxis(picture, box, x, marks, control.label + unit);
    const points = (side) => now.map((one, value) => [x(at[value]), y(one.band[side])]);
    const area = line([...points("high"), ...points("low").reverse()]);
    picture.append(svg("path", { class: "band", d: `${area}Z` }));
    if (old.length) {
      picture.append(svg("path", {
        class: "line old", d: line(old.map((one, value) => [x(at[value]), y(one.mean)])),
      }));
    }
    picture.append(svg("path", {
      class: "line", d: line(now.map((one, value) => [x(at[value]), y(one.mean)])),
    }));
    now.forEach((one, value) => Number.isFinite(one.mean) && picture.append(svg("circle", {
      class: "dot", cx: x(at[value]), cy: y(one.mean), r: 3,
    })));
    const here = (list, settings) => {
      const value = settings[state.moved];
      return [x(at[value]), y(list[value].mean)];
    };
    if (old.length && Number.isFinite(here(old, state.held)[1])) {
      const [cx, cy] = here(old, state.held);
      picture.append(svg("circle", { class: "mark old", cx, cy, r: 8 }));
    }
    const [cx, cy] = here(now, state.settings);
    if (Number.isFinite(cy)) {
      picture.append(svg("path", { class: "mark", d: diamond(cx, cy) }));
    }
    return picture;
  };

  const worldsOf = (state) => state.held
    ? [["A", state.held, "old"], ["B", state.settings, ""]]
    : [["now", state.settings, ""]];

  // Every run as a mark, spread upwards by its number so that few hide each other.
  const luck = (grid, state, width) => {
    const figure = grid.figureOf(state.figure);
    const factor = figure.factor;
    const worlds = worldsOf(state).map(([name, settings, look]) => {
      const runs = grid.runs(state.figure, settings).map((one) => one * factor);
      return { name, look, runs, ...leadLab.interval(runs, grid.student) };
    });
    const row = 110;
    const height = FRAME.top + FRAME.bottom + row * worlds.length;
    const box = { left: 48, width, height };
    const known = worlds.flatMap((world) => world.runs).filter(Number.isFinite);
    const most = Math.max(...known, 1e-9) * 1.05;
    const x = scale(0, most, box.left, width - FRAME.right - 8);
    const told = worlds.map((world) =>
      `${world.name}: ${leadLab.range({ ...figure, factor: 1 }, world)}`);
    const picture = paper(width, height,
      `${figure.label} in each of ${grid.replications} runs. ${told.join("; ")}.`);
    const marks = ticks(0, most, width < NARROW ? 4 : 7).map((one) => [one, number(one)]);
    acrossAxis(picture, box, x, marks, figure.label);
    worlds.forEach((world, place) => {
      const middle = FRAME.top + row * (place + 0.45);
      picture.append(svg("text", { class: "title", x: 4, y: middle + 4 }, world.name));
      world.runs.forEach((value, run) => Number.isFinite(value) && picture.append(
        svg("circle", {
          class: `run ${world.look}`, cx: x(value), r: 5,
          cy: middle - 26 + ((run * 13) % 10) * 5.2,
        })));
      const [low, high] = [world.low, world.high].map((end) => x(Math.max(end, 0)));
      if (Number.isFinite(high)) {
        picture.append(svg("line", {
          class: "whisker", x1: low, x2: high, y1: middle + 42, y2: middle + 42,
        }));
      }
      if (Number.isFinite(world.mean)) {
        picture.append(svg("path", {
          class: `mark ${world.look}`, d: diamond(x(world.mean), middle + 42, 7),
        }));
      }
    });
    return picture;
  };

  // New customers period by period: with A held, two lines with a band each.
  const months = (grid, state, width) => {
    const worlds = worldsOf(state).map(([name, settings, look]) => {
      const runs = grid.periodsOf(settings);
      const periods = runs[0].map((_, one) => runs.map((run) => run[one]));
      return { name, look, means: periods.map(leadLab.mean), bands: periods.map(leadLab.band) };
    });
    const count = worlds[0].means.length;
    const most = Math.max(...worlds.flatMap((world) => world.bands.map((band) => band.high)), 1);
    const height = width < NARROW ? 270 : 340;
    const box = { left: FRAME.left, width, height };
    const x = scale(1, count, box.left + 8, width - FRAME.right - 8);
    const y = scale(0, most * 1.06, height - FRAME.bottom, FRAME.top);
    const plain = { factor: 1, unit: "" };
    const told = worlds.map((world) =>
      `${world.name}: ${world.means.map((one) => leadLab.said(plain, one)).join(", ")}`);
    const unit = grid.periods.unit;
    const picture = paper(width, height, `New customers by ${unit}. ${told.join(". ")}.`);
    upAxis(picture, box, y, ticks(0, most * 1.06), `new customers a ${unit}`);
    const marks = ticks(1, count, width < NARROW ? 4 : 8).map((one) => [one, number(one)]);
    acrossAxis(picture, box, x, marks, unit);
    for (const world of worlds) {
      const points = (side) => world.bands.map((band, one) => [x(one + 1), y(band[side])]);
      const area = line([...points("high"), ...points("low").reverse()]);
      picture.append(svg("path", { class: `band ${world.look}`, d: `${area}Z` }));
    }
    for (const world of worlds) {
      const points = world.means.map((mean, one) => [x(one + 1), y(mean)]);
      picture.append(svg("path", { class: `line ${world.look}`, d: line(points) }));
    }
    return picture;
  };

  const funnel = (grid, state, width) => {
    const worlds = worldsOf(state);
    const thick = 20;
    const row = 26 + thick * worlds.length + 8;
    const height = FRAME.top + FRAME.bottom + row * grid.stages.length;
    const box = { left: 10, width, height };
    const found = worlds.map(([name, settings, look]) => ({
      name,
      look,
      stages: grid.stages.map((stage) => {
        const runs = grid.runs(stage.metric, settings);
        return { mean: leadLab.mean(runs), band: leadLab.band(runs) };
      }),
    }));
    const most = Math.max(
      ...found.flatMap((world) => world.stages.map((stage) => stage.band.high)), 1);
    const x = scale(0, most, box.left, width - FRAME.right - 70);
    const plain = { factor: 1, unit: "" };
    const told = grid.stages.map((stage, place) => `${stage.label}: ${found
      .map((world) => `${world.name} ${leadLab.said(plain, world.stages[place].mean)}`)
      .join(", ")}`);
    const picture = paper(width, height, `How far they come. ${told.join("; ")}.`);
    const marks = ticks(0, most, 4).map((one) => [one, number(one)]);
    acrossAxis(picture, box, x, marks, `people in ${number(grid.months)} months`);
    grid.stages.forEach((stage, place) => {
      const top = FRAME.top + row * place;
      picture.append(svg("text", { class: "title", x: box.left, y: top + 15 }, stage.label));
      found.forEach((world, turn) => {
        const { mean, band } = world.stages[place];
        const y = top + 22 + thick * turn;
        const middle = y + thick / 2 - 1;
        picture.append(svg("rect", {
          class: `bar ${world.look}`, x: box.left, y, height: thick - 2,
          width: Math.max(x(mean) - box.left, 1),
        }));
        picture.append(svg("line", {
          class: "whisker", x1: x(band.low), x2: x(band.high), y1: middle, y2: middle,
        }));
        const name = worlds.length > 1 ? `${world.name}: ` : "";
        picture.append(svg("text", {
          x: x(Math.max(mean, band.high)) + 6, y: middle + 5,
        }, name + leadLab.said(plain, mean)));
      });
    });
    return picture;
  };

  leadLab.pictures = {
    along: {
      name: "Along a slider",
      asks: true, // for a figure
      draw: along,
      caption: (grid, state) =>
        `${leadLab.capital(grid.figureOf(state.figure).label)}, while only “${grid.controls[state.moved].label}” `
        + "moves. Line: mean of the runs; band: 9 of 10 runs; diamond: your setting"
        + (state.held ? "; dashed line and ring: A." : "."),
    },
    luck: {
      name: "Luck",
      asks: true,
      draw: luck,
      caption: (grid, state) =>
        `The same firm, other luck. Each mark is one run of ${grid.months} months. `
        + "Below them: the mean, and the range that holds the true mean (95%)."
        + (state.held ? " Rings: A." : ""),
    },
    months: {
      name: "Months",
      draw: months,
      caption: (grid, state) =>
        `New customers, ${grid.periods.unit} by ${grid.periods.unit}. Line: mean of the `
        + `runs; band: 9 of 10 runs.${state.held ? " Dashed: A." : ""}`,
    },
    funnel: {
      name: "Funnel",
      draw: funnel,
      caption: (grid, state) =>
        "How far they come: mean of the runs; the line spans 9 of 10 runs."
        + (state.held ? " Dashed outline: A." : ""),
    },
  };
}
