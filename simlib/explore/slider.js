/**
 * A slider: a native range and a native number box with one label.
 *
 * In: label, unit, range and value of the model, as text and numbers, never as markup.
 * Out: the value, while the slider moves. Keys, touch and screen readers are the
 * browser's own.
 */

let made = 0;

/** Return a number without the dust of binary fractions. */
const tidy = (number) => Number(number.toPrecision(10));

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
  const unit = document.createElement("span");
  unit.className = "lead-explore-unit";
  unit.setAttribute("aria-hidden", "true");
  const row = document.createElement("div");
  row.append(range, box, unit);
  el.replaceChildren(label, row);

  const frame = () => {
    const [low, high, step] = ["low", "high", "step"].map((key) => model.get(key));
    for (const input of [range, box]) {
      input.min = low;
      input.max = high;
      input.step = input === box ? "any" : step;
    }
    label.textContent = model.get("label");
    unit.textContent = model.get("unit");
    box.setAttribute("aria-label", `${model.get("label")}, exact, ${model.get("unit")}`);
  };
  const show = () => {
    const value = tidy(model.get("value"));
    if (Number(range.value) !== value) range.value = value;
    // Not while somebody types there.
    if (document.activeElement !== box) box.value = value;
    range.setAttribute("aria-valuetext", `${value} ${model.get("unit")}`);
  };
  const send = (value) => {
    model.set("value", tidy(value));
    model.save_changes();
    show();
  };
  range.addEventListener("input", () => send(range.valueAsNumber));
  const typed = () => {
    const value = box.valueAsNumber;
    if (Number.isFinite(value)) {
      send(Math.min(model.get("high"), Math.max(model.get("low"), value)));
    }
    box.value = tidy(model.get("value"));
  };
  box.addEventListener("change", typed);
  // Lab takes some keys for itself, such as the arrows in command mode.
  row.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:value", show);
  model.on("change:low change:high change:step change:label change:unit", () => {
    frame();
    show();
  });
  frame();
  show();
}

export default { render };
