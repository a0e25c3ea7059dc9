// Sliders without a kernel: each moves between settings that were computed beforehand.
// In: window.leadLabGrids, and a <section data-grid="…"> in the page. Out: the explorer.
// It fetches nothing, keeps nothing, and writes text only as text.
"use strict";

{
  const QUIET = 350; // milliseconds: who drags a slider hears the end of it, not each step

  const element = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) {
        made.addEventListener(key.slice(2), value);
      } else if (value !== false) {
        made.setAttribute(key, value === true ? "" : value);
      }
    }
    made.append(...inside);
    return made;
  };

  // A control without numbers, such as an order of work: a list to choose from.
  const list = (grid, state, place, changed) => {
    const control = grid.controls[place];
    const id = `${state.id}-${place}`;
    const choice = element("select", {
      id,
      onchange: () => {
        state.settings[place] = choice.selectedIndex;
        state.moved = place;
        changed();
      },
    }, ...control.texts.map((text) => element("option", {}, text)));
    const box = element("div", { class: "control" },
      element("label", { for: id }, control.label), choice);
    return { box, show: () => { choice.selectedIndex = state.settings[place]; } };
  };

  const slider = (grid, state, place, changed) => {
    const control = grid.controls[place];
    const id = `${state.id}-${place}`;
    // For the eye: a screen reader is told by the slider itself.
    const value = element("span", { class: "value", "aria-hidden": "true" });
    const range = element("input", {
      type: "range", id, min: 0, max: control.values.length - 1, step: 1,
      oninput: () => {
        state.settings[place] = Number(range.value);
        state.moved = place;
        changed();
      },
    });
    const show = () => {
      range.value = state.settings[place];
      value.textContent = control.texts[state.settings[place]];
      range.setAttribute("aria-valuetext", value.textContent);
    };
    // Between the ends: how far to trust the range. The ends a screen reader is told.
    const [least, most] = [control.texts[0], control.texts.at(-1)].map((text) =>
      element("span", { "aria-hidden": "true" }, text));
    const evidence = element("span", { id: `${id}-evidence` }, control.evidence);
    const ends = element("span", { class: "ends", title: control.behind },
      least, evidence, most);
    range.setAttribute("aria-describedby", evidence.id);
    const box = element("div", { class: "control" },
      element("label", { for: id }, control.label), value, range, ends);
    return { box, show };
  };

  const pictureChoice = (grid, state, changed) => {
    const choices = grid.pictures.map((name) => element("label", {},
      element("input", {
        type: "radio", name: `${state.id}-picture`, checked: name === state.picture,
        onchange: () => { state.picture = name; changed(); },
      }), ` ${leadLab.pictures[name].name}`));
    return element("fieldset", {}, element("legend", {}, "Picture"), ...choices);
  };

  const figureChoice = (grid, state, changed) => {
    const choice = element("select", {
      id: `${state.id}-figure`,
      onchange: () => { state.figure = choice.value; changed(); },
    }, ...grid.figures.map((figure) => element("option", {
      value: figure.metric, selected: figure.metric === state.figure,
    }, figure.label)));
    const box = element("div", { class: "figure-choice" },
      element("label", { for: `${state.id}-figure` }, "Figure in the picture"), choice);
    return { box, show: () => { box.hidden = !leadLab.pictures[state.picture].asks; } };
  };

  const cell = (figure, found, sign = false) => {
    const made = element("td", {}, leadLab.said(figure, found.mean, sign));
    if (Number.isFinite(found.low)) {
      const [low, high] = [found.low, found.high]
        .map((end) => leadLab.said(figure, end, sign));
      made.append(element("small", {}, `${low} to ${high}`));
    }
    return made;
  };

  const table = (grid, state) => {
    const heads = state.held ? ["A (held)", "B (now)", "B minus A"] : ["now"];
    const rows = grid.figures.map((figure) => {
      const worlds = state.held ? [state.held, state.settings] : [state.settings];
      const cells = worlds.map((one) => cell(figure, grid.interval(figure.metric, one)));
      if (state.held) {
        const found = grid.difference(figure.metric, state.held, state.settings);
        cells.push(cell(figure, found, true));
      }
      return element("tr", {}, element("th", { scope: "row" }, figure.label), ...cells);
    });
    const head = heads.map((text) => element("th", { scope: "col" }, text));
    return element("table", {},
      element("caption", {}, "Mean of the runs, and below it its 95% interval"),
      element("thead", {},
        element("tr", {}, element("th", { scope: "col" }, "figure"), ...head)),
      element("tbody", {}, ...rows));
  };

  // What changed, in a sentence: for a screen reader, and for anybody in a hurry.
  const sentence = (grid, state) => {
    const figure = grid.figureOf(state.figure);
    const now = leadLab.range(figure, grid.interval(state.figure, state.settings));
    const pair = state.held
      ? ` B minus A: ${leadLab.range(
        figure, grid.difference(state.figure, state.held, state.settings), true)}.`
      : "";
    return `Setting: ${grid.text(state.settings)}. ${leadLab.capital(figure.label)}: ${now}.${pair}`;
  };

  const buttons = (grid, state, changed) => {
    const hold = element("button", {
      type: "button",
      onclick: () => {
        state.held = state.held ? null : [...state.settings];
        changed();
      },
    });
    const reset = element("button", {
      type: "button",
      onclick: () => { state.settings = [...grid.start]; changed(); },
    }, "Reset");
    const show = () => {
      hold.textContent = state.held ? "Let go of A" : "Hold this run as A";
    };
    return { box: element("div", { class: "buttons" }, hold, reset), show };
  };

  const note = (grid) => element("p", { class: "note" },
    `Scenario “${grid.scenario}”, ${grid.months} months, ${grid.replications} runs of each `
    + `setting, seed ${grid.seed}: the same buyers whatever you set. A slider stops at the `
    + "values that were computed beforehand; the notebook, with a kernel, sets any value.");

  const build = (place, grid) => {
    const state = {
      id: `grid-${place.dataset.grid}`, settings: [...grid.start], moved: 0, held: null,
      picture: grid.pictures[0], figure: grid.figure,
    };
    let timer = 0;
    const status = element("p", { role: "status" });
    const canvas = element("div", { class: "picture" });
    const caption = element("figcaption");
    const figures = element("div", {
      class: "figures", tabindex: 0, role: "region", "aria-label": "Figures",
    });
    const draw = () => {
      const width = Math.max(Math.round(canvas.clientWidth), 240);
      canvas.replaceChildren(leadLab.pictures[state.picture].draw(grid, state, width));
    };
    const changed = () => {
      parts.forEach((part) => part.show());
      caption.textContent = leadLab.pictures[state.picture].caption(grid, state);
      figures.replaceChildren(table(grid, state));
      draw();
      clearTimeout(timer);
      timer = setTimeout(() => { status.textContent = sentence(grid, state); }, QUIET);
    };
    const choice = figureChoice(grid, state, changed);
    const pushed = buttons(grid, state, changed);
    const sliders = grid.controls.map((control, one) =>
      (control.numbers ? slider : list)(grid, state, one, changed));
    const parts = [...sliders, choice, pushed];
    // The picture first: on a phone it must be in sight while a slider moves. The words
    // below the sliders: as they grow and shrink, nothing moves away under a finger.
    place.replaceChildren(
      element("figure", {}, canvas, caption),
      element("div", { class: "controls" }, ...sliders.map((one) => one.box), pushed.box),
      status,
      element("div", { class: "choices" }, pictureChoice(grid, state, changed), choice.box),
      figures, note(grid));
    place.classList.add("ready");
    changed();
    new ResizeObserver(draw).observe(canvas);
  };

  // The stored picture says the same as the explorer does at first: one is enough.
  const hideStored = (place) => {
    const cellBefore = place.previousElementSibling;
    cellBefore?.querySelectorAll(".cell_output").forEach((one) => { one.hidden = true; });
  };

  document.querySelectorAll("section[data-grid]").forEach((place) => {
    const data = (window.leadLabGrids ?? {})[place.dataset.grid];
    if (data) {
      build(place, new leadLab.Grid(data));
      hideStored(place);
    }
  });
}
