/**
 * A slider: a native range and a native number box with one label.
 *
 * In: label, unit, range, value of the model, what the range stands on and a note, as text
 * and numbers, never as markup. Out: the value, while the slider moves. Keys, touch and
 * screen readers are the browser's own.
 */

const DIGITS = 4;
const WHOLE = 100; // from here on, nothing after the point
let made = 0;

/** Return a number without the dust of binary fractions. */
const tidy = (number) => Number(number.toPrecision(10));

/** Return a number as the screen shows it; `ranges.py` rounds in the same way. */
const shown = (number) => Math.abs(number) >= WHOLE
  ? Math.round(number) : Number(number.toPrecision(DIGITS));

/** Return an element with a class. */
const make = (tag, name, ...inside) => {
  const element = document.createElement(tag);
  element.className = name;
  element.append(...inside);
  return element;
};

function render({ model, el }) {
  const id = `lead-explore-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${(made += 1)}`;
  el.classList.add("lead-explore-slider");
  const label = document.createElement("label");
  label.htmlFor = id;
  const range = document.createElement("input");
  range.type = "range";
  range.id = id;
  const box = document.createElement("input");
  box.type = "number";
  const unit = make("span", "lead-explore-unit");
  unit.setAttribute("aria-hidden", "true");
  const about = make("div", "lead-explore-range");
  about.id = `${id}-range`;
  const note = make("div", "lead-explore-range");
  note.id = `${id}-note`;
  const cut = make("div", "lead-explore-range lead-explore-cut");
  cut.setAttribute("role", "status");
  const row = make("div", "lead-explore-row", range, box, unit);
  el.replaceChildren(label, row, about, note, cut);

  const frame = () => {
    const [low, high, step] = ["low", "high", "step"].map((key) => model.get(key));
    for (const input of [range, box]) {
      input.min = low;
      input.max = high;
      input.step = input === box ? "any" : step;
    }
    label.textContent = model.get("label");
    unit.textContent = model.get("unit");
    const [from, to] = [low, high].map((end) => shown(end).toLocaleString("en"));
    about.textContent = `Range ${from} to ${to}: ${model.get("evidence")}`;
    about.title = model.get("behind");
    note.textContent = model.get("note");
    const told = note.textContent ? [about.id, note.id] : [about.id];
    range.setAttribute("aria-describedby", told.join(" "));
    box.setAttribute("aria-label", `${model.get("label")}, exact, ${model.get("unit")}`);
  };
  let asked = NaN; // what somebody typed stays as it was typed
  const inBox = (value) => value === asked ? value : shown(value);
  const show = () => {
    const value = tidy(model.get("value"));
    if (Number(range.value) !== value) range.value = value;
    // Not while somebody types there.
    if (document.activeElement !== box) box.value = inBox(value);
    box.title = inBox(value) === value ? "" : `exactly ${value}`;
    range.setAttribute("aria-valuetext", `${shown(value)} ${model.get("unit")}`);
  };
  const send = (value) => {
    model.set("value", tidy(value));
    model.save_changes();
    show();
  };
  range.addEventListener("input", () => {
    cut.textContent = "";
    send(range.valueAsNumber);
  });
  const typed = () => {
    const value = box.valueAsNumber;
    if (Number.isFinite(value)) {
      asked = tidy(Math.min(model.get("high"), Math.max(model.get("low"), value)));
      const [typedIn, taken] = [value, asked].map((number) => number.toLocaleString("en"));
      cut.textContent = asked === tidy(value)
        ? "" : `${typedIn} lies outside the range: ${taken} is taken.`;
      send(asked);
    }
    box.value = inBox(tidy(model.get("value")));
  };
  box.addEventListener("change", typed);
  // Lab takes some keys for itself, such as the arrows in command mode.
  row.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:value", show);
  const framed = ["low", "high", "step", "label", "unit", "evidence", "behind", "note"];
  model.on(framed.map((name) => `change:${name}`).join(" "), () => {
    frame();
    show();
  });
  frame();
  show();
}

export default { render };
