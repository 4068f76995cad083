import { drawable, formatNumber, formatTick, roundTicks, widened } from './numbers.js';
import { makePlotter } from './plot.js';

/**
 * Shows values where the reader points, zooms by dragging and smooths, in the charts of `pageChart`. Runs in the page,
 * with the element `charts`, which holds their `chartData`.
 */
export const CHART_SCRIPT = `
(() => {
  const formatNumber = ${formatNumber};
  const formatTick = ${formatTick};
  const roundTicks = ${roundTicks};
  const drawable = ${drawable};
  const widened = ${widened};
  const plotter = (${makePlotter})({ formatTick, roundTicks, drawable, widened });
  const at = (id) => document.getElementById(id);
  const slider = at('smoothing');
  let zoom = null;

  const closest = (x, value) => {
    let [low, high] = [0, x.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x[middle] < value) low = middle + 1; else high = middle;
    }
    return low > 0 && value - x[low - 1] < x[low] - value ? low - 1 : low;
  };
  const element = (name, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };

  const elements = document.querySelectorAll('svg.chart');
  const charts = JSON.parse(at('charts').textContent).map(({ curves, large, linked }, k) => {
    const svg = elements[k];
    const [axis, plot, values] = [svg.querySelector('.axis'), svg.querySelector('.plot'), svg.nextElementSibling];
    const cursor = element('line', { class: 'cursor', y1: 0, y2: 1000, visibility: 'hidden' });
    const chosen = element('rect', { class: 'chosen', y: 0, height: 1000, width: 0 });
    const area = element('rect', { class: 'area', width: 1000, height: 1000 });
    const whole = plotter.wholeRange(curves);
    const stops = [...new Set(curves.flatMap(({ x }) => x))].sort((a, b) => a - b);
    const name = svg.getAttribute('aria-label').split(': ')[0];
    return { svg, axis, plot, values, cursor, chosen, area, curves, large, linked, whole, stops, name, view: null, place: null };
  });

  const draw = (chart) => {
    const weight = Number(slider.value);
    chart.svg.classList.toggle('zoomed', chart.linked && zoom !== null);
    chart.view = plotter.viewOf(chart.curves, (chart.linked && zoom) || chart.whole);
    chart.averages = chart.curves.map((curve) => (plotter.smooths(curve, weight) ? plotter.smoothed(curve.y, weight) : null));
    chart.axis.innerHTML = plotter.axisMarkup(chart.view, chart.large ? 6 : 4);
    chart.plot.innerHTML = plotter.curvesMarkup(chart.curves, chart.view, weight);
    chart.plot.append(chart.chosen, chart.cursor, chart.area);
    say(chart);
  };
  const say = (chart) => {
    const { curves, cursor, values, svg, place, view } = chart;
    cursor.setAttribute('visibility', place === null ? 'hidden' : 'visible');
    svg.setAttribute('aria-valuenow', place ?? chart.stops[chart.stops.length - 1]);
    if (place === null) {
      values.textContent = '\\u00a0';
      svg.setAttribute('aria-valuetext', 'press the arrow keys to read values');
      return;
    }
    const x = ((place - view.x[0]) / (view.x[1] - view.x[0])) * 1000;
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    const said = curves.flatMap(({ label, short = label, x, y, low, high }, k) => {
      if (x.length === 0) return [];
      const i = closest(x, place);
      const band = low ? ' (' + formatNumber(low[i]) + ' to ' + formatNumber(high[i]) + ')' : '';
      const average = chart.averages[k] ? ', smoothed ' + formatNumber(chart.averages[k][i]) : '';
      return (curves.length > 1 ? short + ' ' : '') + formatNumber(y[i]) + band + average + (x[i] === place ? '' : ' at ' + x[i].toLocaleString('en'));
    });
    values.textContent = 'at ' + place.toLocaleString('en') + ': ' + said.join('; ');
    svg.setAttribute('aria-valuetext', values.textContent);
  };
  const drawAll = () => {
    charts.forEach(draw);
    at('wider').disabled = at('whole').disabled = zoom === null;
  };
  const move = (chart, place) => {
    for (const other of charts) {
      if (other !== chart && !(other.linked && chart.linked)) continue;
      other.place = place;
      say(other);
    }
  };
  const linked = charts.filter((chart) => chart.linked);
  const outer = linked.length === 0 ? [0, 1] : [Math.min(...linked.map(({ whole }) => whole[0])), Math.max(...linked.map(({ whole }) => whole[1]))];
  const zoomTo = (low, high) => {
    [low, high] = [Math.max(low, outer[0]), Math.min(high, outer[1])];
    if (high - low < (outer[1] - outer[0]) / 500) return;
    zoom = low <= outer[0] && high >= outer[1] ? null : [low, high];
    drawAll();
  };
  const zoomBy = (factor, around) => {
    const [low, high] = zoom ?? outer;
    const center = around ?? linked.find(({ place }) => place !== null)?.place ?? (low + high) / 2;
    zoomTo(center - (center - low) * factor, center + (high - center) * factor);
  };
  const unzoom = () => { zoom = null; drawAll(); };

  for (const chart of charts) {
    const { svg, area, chosen } = chart;
    svg.setAttribute('tabindex', '0');
    svg.setAttribute('role', 'slider');
    svg.setAttribute('aria-label', chart.name);
    svg.setAttribute('aria-valuemin', chart.stops[0]);
    svg.setAttribute('aria-valuemax', chart.stops[chart.stops.length - 1]);
    let from = null;
    const part = (event) => {
      const box = area.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const valueAt = (p) => chart.view.x[0] + p * (chart.view.x[1] - chart.view.x[0]);
    const point = (event) => {
      const [low, high] = chart.view.x;
      const stops = chart.stops.filter((x) => x >= low && x <= high);
      if (stops.length > 0) move(chart, stops[closest(stops, valueAt(part(event)))]);
    };
    svg.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      if (event.pointerType !== 'touch' && chart.linked) {
        from = part(event);
        svg.setPointerCapture(event.pointerId);
      }
      point(event);
    });
    svg.addEventListener('pointermove', (event) => {
      point(event);
      if (from === null) return;
      const [low, high] = [Math.min(from, part(event)), Math.max(from, part(event))];
      chosen.setAttribute('x', low * 1000);
      chosen.setAttribute('width', (high - low) * 1000);
    });
    svg.addEventListener('pointerup', (event) => {
      if (from === null) return;
      const [low, high] = [Math.min(from, part(event)), Math.max(from, part(event))];
      from = null;
      chosen.setAttribute('width', 0);
      if (high - low > 0.02) zoomTo(valueAt(low), valueAt(high));
    });
    svg.addEventListener('pointercancel', () => { from = null; chosen.setAttribute('width', 0); });
    svg.addEventListener('pointerleave', (event) => { if (event.pointerType !== 'touch') move(chart, null); });
    svg.addEventListener('blur', () => move(chart, null));
    svg.addEventListener('dblclick', unzoom);
    svg.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [low, high] = chart.view.x;
      const stops = chart.stops.filter((x) => x >= low && x <= high);
      const now = chart.place === null ? -1 : stops.indexOf(chart.place);
      const go = (i) => { if (stops.length > 0) move(chart, stops[Math.min(stops.length - 1, Math.max(0, i))]); };
      const keys = {
        ArrowLeft: () => go(now - 1), ArrowDown: () => go(now - 1), ArrowRight: () => go(now + 1), ArrowUp: () => go(now + 1),
        PageDown: () => go(now - 10), PageUp: () => go(now + 10), Home: () => go(0), End: () => go(stops.length - 1),
        '+': () => chart.linked && zoomBy(0.5), '-': () => chart.linked && zoomBy(2), Escape: unzoom,
      };
      if (keys[event.key] === undefined) return;
      event.preventDefault();
      keys[event.key]();
    });
  }
  slider.addEventListener('input', () => {
    slider.nextElementSibling.textContent = slider.value;
    drawAll();
  });
  at('closer').addEventListener('click', () => zoomBy(0.5));
  at('wider').addEventListener('click', () => zoomBy(2));
  at('whole').addEventListener('click', unzoom);
  document.querySelector('.controls').hidden = false;
  drawAll();
  document.documentElement.dataset.ready = 'yes';
})();
`;
