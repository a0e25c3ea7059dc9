// What the replications of a setting say: means, intervals, bands, paired differences.
// In: the data of one grid. Out: numbers and texts. It touches no page.
"use strict";

window.leadLab ??= {};

leadLab.mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

// Student's 95% interval of the mean; runs in which a figure is undefined are left out.
leadLab.interval = (values, student) => {
  const known = values.filter(Number.isFinite);
  const mean = known.length ? leadLab.mean(known) : NaN;
  if (known.length < 2) {
    return { mean, low: NaN, high: NaN };
  }
  const squares = known.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const error = Math.sqrt(squares / (known.length - 1) / known.length);
  const half = student[known.length - 2] * error;
  return { mean, low: mean - half, high: mean + half };
};

// Where nine of ten runs lie: the 5% and 95% points, between neighbours by proportion.
leadLab.band = (values) => {
  const known = values.filter(Number.isFinite).sort((one, two) => one - two);
  const point = (share) => {
    const place = share * (known.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, known.length - 1);
    return known[below] + (place - below) * (known[above] - known[below]);
  };
  return known.length ? { low: point(0.05), high: point(0.95) } : { low: NaN, high: NaN };
};

leadLab.Grid = class {
  constructor(data) {
    Object.assign(this, data);
    this.start = data.controls.map((control) => control.start);
  }

  // The number of a setting, in the order in which the settings were computed.
  point(settings) {
    return this.controls.reduce(
      (sum, control, place) => sum * control.values.length + settings[place], 0);
  }

  // A metric in every run of a setting; NaN where it is undefined.
  runs(metric, settings) {
    const parts = this.ratios[metric];
    if (parts) {
      const [tops, bottoms] = parts.map((part) => this.runs(part, settings));
      return tops.map((top, run) => (bottoms[run] ? top / bottoms[run] : NaN));
    }
    let series = this.values[metric];
    if (typeof series === "string") {
      series = this.values[series];
    }
    const from = this.point(settings) * this.replications;
    return series
      .slice(from, from + this.replications)
      .map((one) => (one === null ? NaN : one));
  }

  // The counts of every run, period by period.
  periodsOf(settings) {
    const from = this.point(settings) * this.replications;
    return this.periods.counts.slice(from, from + this.replications);
  }

  interval(metric, settings) {
    return leadLab.interval(this.runs(metric, settings), this.student);
  }

  // B minus A run by run: the same buyers in both.
  difference(metric, before, now) {
    const old = this.runs(metric, before);
    const pairs = this.runs(metric, now).map((one, run) => one - old[run]);
    return leadLab.interval(pairs, this.student);
  }

  figureOf(metric) {
    return this.figures.find((figure) => figure.metric === metric)
      ?? { metric, label: metric, factor: 1, unit: "" };
  }

  // How settings differ from the scenario, in words.
  text(settings) {
    const changed = this.controls.map((control, place) =>
      settings[place] === control.start ? "" : `${control.label} ${control.texts[settings[place]]}`);
    return changed.filter(Boolean).join("; ") || "as given";
  }
};

// A number as the lessons print it: fewer decimals for larger ones, a dash for none.
leadLab.said = (figure, number, sign = false) => {
  const shown = number * figure.factor;
  if (!Number.isFinite(shown)) {
    return "–";
  }
  const size = Math.abs(shown);
  const decimals = size >= 100 ? 0 : size >= 10 || figure.factor === 1 ? 1 : 2;
  const text = shown.toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: sign ? "exceptZero" : "auto",
  });
  return figure.unit === "%" ? `${text} %` : text;
};

leadLab.capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

leadLab.range = (figure, found, sign = false) => {
  const middle = leadLab.said(figure, found.mean, sign);
  if (!Number.isFinite(found.low)) {
    return middle;
  }
  const [low, high] = [found.low, found.high].map((end) => leadLab.said(figure, end, sign));
  return `${middle} (${low} to ${high})`;
};
