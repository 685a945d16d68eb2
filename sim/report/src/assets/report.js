"use strict";
// Draws the page's charts from its tables. Everything else on the page works without this script.
(() => {
  const study = JSON.parse(document.getElementById("data").textContent);
  // Okabe and Ito's colours, which most colour-blind people can distinguish. The baseline is grey.
  // If there are more arms than colours, the colours repeat.
  const LIGHT = ["#5b6470", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07800", "#3f9bd0", "#8a3ffc"];
  const DARK = ["#b4bcc6", "#56b4e9", "#ff9142", "#2fd0a2", "#f0a3cc", "#f0e442", "#9ad2f5", "#b794ff"];
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const colours = () => study.arms.map((_, i) => (isDark() ? DARK : LIGHT)[i % LIGHT.length]);
  const shown = () => {
    const boxes = [...document.querySelectorAll("#arms input")];
    return boxes.length ? boxes.filter((box) => box.checked).map((box) => study.arms[box.value]) : study.arms;
  };

  const tip = document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));
  tip.setAttribute("role", "status");
  const showTip = (_, event, __, value) => {
    if (value == null || value === "") { tip.style.display = "none"; return; }
    const lines = typeof value === "object" ? Object.entries(value).map(([key, of]) => `${key}: ${of}`) : [String(value)];
    tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    tip.style.display = "block";
    tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.max(8, event.clientY - tip.offsetHeight - 10) + "px";
  };

  const theme = () => {
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(name).trim();
    const axis = { labelColor: of("--text"), titleColor: of("--text"), gridColor: of("--line"), domainColor: of("--quiet"), tickColor: of("--quiet"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" };
    return { background: null, font: "system-ui, sans-serif", view: { stroke: null }, axis, legend: { labelColor: of("--text"), labelFontSize: 12, symbolStrokeWidth: 2 }, header: { labelColor: of("--text"), labelFontSize: 12, labelLimit: 260 }, text: { color: of("--text"), fontSize: 12 }, rule: { color: of("--quiet") } };
  };

  // Returns the specification for the page's width, theme and selected arms.
  const fitted = (figure, width) => {
    const narrow = width < 560;
    const walk = (node) => {
      if (Array.isArray(node)) return node.map(walk);
      if (node === null || typeof node !== "object") return node;
      const made = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]));
      if (made.field === "arm" && made.scale && made.scale.range === "arms") made.scale = { domain: study.arms, range: colours() };
      if (narrow && made.symbolType === "circle") made.columns = 1;
      if (made.width === "half") made.width = narrow ? width - 70 : Math.floor(width / 2) - 75;
      return made;
    };
    const arms = new Set(shown());
    const at = figure.columns.indexOf("arm");
    const values = figure.rows.filter((row) => at < 0 || arms.has(row[at])).map((row) => Object.fromEntries(figure.columns.map((column, i) => [column, row[i]])));
    const spec = walk(figure.spec);
    if (spec.facet) { if (narrow) spec.columns = 1; } else { spec.width = width - 8; spec.autosize = { type: "fit-x", contains: "padding" }; }
    return { $schema: "https://vega.github.io/schema/vega-lite/v6.json", description: figure.title, config: theme(), ...spec, data: { values } };
  };

  // Vega's warnings are for authors of specifications. The console shows only errors.
  const quiet = () => logger;
  const logger = { level: quiet, debug: quiet, info: quiet, warn: quiet, error: (...what) => { console.error(...what); return logger; } };
  const views = new Map();
  const draw = () => {
    for (const figure of study.figures) {
      const place = document.querySelector(`.chart[data-figure="${figure.id}"]`);
      const parsed = vega.parse(vegaLite.compile(fitted(figure, place.clientWidth), { logger }).spec);
      if (views.has(figure.id)) views.get(figure.id).finalize();
      const view = new vega.View(parsed, { renderer: "svg", container: place, hover: true, logLevel: vega.Error });
      view.tooltip(showTip);
      views.set(figure.id, view);
      // The figure has a name and a table. Screen readers skip the chart's thousands of marks.
      view.runAsync().then(() => place.querySelector("svg").setAttribute("aria-hidden", "true"));
    }
    document.querySelectorAll(".swatch").forEach((swatch) => { swatch.style.background = colours()[swatch.dataset.arm]; });
  };

  const csv = (figure) => {
    const cell = (value) => (value == null ? "" : /[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
    return [figure.columns, ...figure.rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
  };
  document.querySelectorAll("button.csv").forEach((button) => button.addEventListener("click", () => {
    const figure = study.figures.find((it) => it.id === button.dataset.figure);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(figure)], { type: "text/csv" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }));

  // Sorts numbers by size and text alphabetically; cells without a value come last.
  document.querySelectorAll("table.sortable").forEach((table) => table.querySelectorAll("thead th").forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.value;
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
        const numbers = !Number.isNaN(Number(x)) && !Number.isNaN(Number(y));
        return (up ? 1 : -1) * (numbers ? Number(x) - Number(y) : x.localeCompare(y));
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(order));
    });
  }));

  document.getElementById("theme").addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; draw(); });
  document.querySelectorAll("#arms input").forEach((box) => box.addEventListener("change", draw));
  system.addEventListener("change", draw);
  let wait;
  window.addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(draw, 150); });
  window.addEventListener("beforeprint", () => { document.querySelectorAll("details").forEach((it) => { it.open = false; }); });
  draw();
})();
