/**
 * A picture with a text for who cannot see it.
 *
 * In: a PNG and its text. Out: an image, changed only once the new one can be painted,
 * so that nothing flickers and nothing jumps.
 */

function render({ model, el }) {
  const image = document.createElement("img");
  image.className = "lead-explore-picture";
  el.replaceChildren(image);
  let newest = 0;
  let address = "";

  const text = () => {
    image.alt = model.get("text");
  };
  const show = async () => {
    const turn = (newest += 1);
    const next = URL.createObjectURL(new Blob([model.get("value")], { type: "image/png" }));
    const ready = new Image();
    ready.src = next;
    await ready.decode().catch(() => {});
    if (turn !== newest) {
      URL.revokeObjectURL(next);
      return;
    }
    image.src = next;
    if (address) URL.revokeObjectURL(address);
    address = next;
  };
  model.on("change:text", text);
  model.on("change:value", show);
  text();
  show();
  return () => {
    newest += 1;
    model.off("change:text", text);
    model.off("change:value", show);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
