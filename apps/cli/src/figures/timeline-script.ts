import { LEAST_ARROW } from './cells-svg.js';
import { DARK, RAMP } from './ramp.js';
import { INK } from './svg-parts.js';

/** Shows another time in films, charts and the table when the slider moves. Runs in the page, without imports. */
export const TIMELINE_SCRIPT = `
(() => {
  const data = JSON.parse(document.getElementById('timeline').textContent);
  const ramp = ${JSON.stringify(RAMP)};
  const slider = document.getElementById('time');
  const shown = document.getElementById('shown');
  const play = document.getElementById('play');
  const colorOf = (shade) => {
    const place = shade * (ramp.length - 1);
    const stop = Math.min(ramp.length - 2, Math.floor(place));
    return 'rgb(' + ramp[stop].map((c, i) => Math.round(c + (place - stop) * (ramp[stop + 1][i] - c))) + ')';
  };
  const films = [...document.querySelectorAll('svg[data-film]')].map((svg, k) => {
    const [cells, numbers, arrows] = ['.c', '.n', '.a'].map((name) => [...svg.querySelectorAll(name)]);
    const { low, high, frames } = data.films[k];
    return (i) => {
      const { values, policy } = frames[i];
      let arrow = 0;
      values.forEach((value, c) => {
        if (value === null) return;
        const shade = typeof value === 'number' ? Math.min(1, Math.max(0, (value - low) / (high - low || 1))) : value === '\\u221e' ? 1 : 0;
        cells[c].parentNode.setAttribute('color', shade > ${DARK} ? '#FFFFFF' : '${INK}');
        cells[c].setAttribute('fill', colorOf(shade));
        const title = cells[c].firstChild;
        title.textContent = title.textContent.replace(/: [^:]*$/, ': ' + value);
        if (numbers.length > 0) numbers[c].textContent = value;
        if (!policy || arrows.length === 0) return;
        for (let a = 0; a < policy.length / data.films[k].choosing; a++, arrow++) {
          const p = policy[arrow];
          const place = arrows[arrow].getAttribute('transform').replace(/scale.*/, '');
          arrows[arrow].setAttribute('transform', place + 'scale(' + (p < ${LEAST_ARROW} ? 0 : p) + ')');
        }
      });
    };
  });
  const cursors = [...document.querySelectorAll('svg[data-frame]')].map((svg) => {
    const [left, right, top, bottom, low, high] = svg.dataset.frame.split(' ').map(Number);
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    const style = { y1: top, y2: bottom, stroke: '${INK}', 'stroke-dasharray': '4 3', 'pointer-events': 'none' };
    for (const name in style) line.setAttribute(name, style[name]);
    svg.append(line);
    return (t) => {
      const x = left + ((t - low) / (high - low)) * (right - left);
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    };
  });
  const readout = [...document.querySelectorAll('#readout td:last-child')];
  const show = () => {
    const i = Number(slider.value);
    const t = data.times[i];
    shown.textContent = 't = ' + t;
    slider.setAttribute('aria-valuetext', 't = ' + t);
    for (const film of films) film(i);
    for (const cursor of cursors) cursor(t);
    readout.forEach((cell, row) => { cell.textContent = data.readout[row][i]; });
  };
  let timer = 0;
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = 'Play'; };
  play.addEventListener('click', () => {
    if (timer) return stop();
    if (Number(slider.value) === data.times.length - 1) slider.value = 0;
    play.textContent = 'Pause';
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) === data.times.length - 1) stop();
    }, Math.max(60, Math.min(500, 12000 / data.times.length)));
  });
  slider.addEventListener('input', () => { stop(); show(); });
  document.querySelector('.time').hidden = false;
  show();
})();
`;
