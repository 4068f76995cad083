import { FILM_READER } from './film.js';

/** The page's script, as it is sent: it needs nothing but a browser of 2023 or later. */
export const PLAYER = `
(async () => {
  const at = (id) => document.getElementById(id);
  const given = JSON.parse(at('episode').textContent);
  const unpack = (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
  };
  const [film, moments] = await Promise.all([unpack(given.film).json(), unpack(given.moments).json()]);
  const pictures = ((film, changes) => {${FILM_READER}})(film, new Uint8Array(await unpack(given.changes).arrayBuffer()));

  const length = moments.rewards.length;
  let step = 0;
  let shown = -1;
  let playing = false;
  let due = 0;
  const number = (value) =>
    value === 0 ? '0' : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(2) : String(+value.toPrecision(4));
  const place = (element, name, value) => element.setAttribute(name, String(value));

  const rows = [...document.querySelectorAll('[data-row]')].map((element) => ({
    kind: element.dataset.row,
    index: Number(element.dataset.index),
    low: Number(element.dataset.low),
    high: Number(element.dataset.high),
    text: element.querySelector('output'),
    band: element.querySelector('.band'),
    mark: element.querySelector('.mark'),
    element,
  }));
  const part = ({ low, high }, value) => 100 * Math.min(Math.max((value - low) / (high - low || 1), 0), 1);
  const fill = (row) => {
    const now = Math.min(step, moments.observations.length - 1);
    if (row.kind === 'observation') {
      const value = moments.observations[now][row.index];
      row.text.textContent = number(value);
      place(row.mark, 'x', part(row, value) - 1);
    } else if (row.kind === 'probability') {
      const value = moments.probs[now][row.index];
      row.text.textContent = (100 * value).toFixed(value < 0.1 ? 1 : 0) + ' %';
      place(row.band, 'width', 100 * value);
      row.element.toggleAttribute('data-taken', moments.actions[now][0] === row.index);
    } else {
      const taken = moments.actions[now][row.index];
      const mean = moments.means?.[now][row.index];
      const std = moments.stds?.[now][row.index];
      row.text.textContent = number(taken) + (mean === undefined ? '' : ' (' + number(mean) + ' \\u00b1 ' + number(std) + ')');
      if (mean !== undefined) {
        const [from, to] = [part(row, mean - std), part(row, mean + std)];
        place(row.band, 'x', from);
        place(row.band, 'width', Math.max(to - from, 0.5));
      }
      place(row.mark, 'x', part(row, taken) - 1);
    }
  };
  const cursors = [...document.querySelectorAll('.cursor')];
  const show = () => {
    const picture = Math.min(Math.floor(step / given.every), pictures.count - 1);
    if (picture !== shown) at('picture').innerHTML = pictures.at(picture);
    shown = picture;
    rows.forEach(fill);
    for (const cursor of cursors) {
      const x = 1000 * (length === 0 ? 0 : step / length);
      place(cursor, 'x1', x);
      place(cursor, 'x2', x);
    }
    at('step').textContent = step + ' of ' + length;
    at('reward').textContent = step === 0 ? '\\u2013' : number(moments.rewards[step - 1]);
    at('return').textContent = number(moments.returns[step]);
    const value = moments.values?.[Math.min(step, length - 1)];
    if (value !== undefined) at('value').textContent = number(value);
    at('time').value = String(step);
    at('time').setAttribute('aria-valuetext', 'step ' + step + ' of ' + length);
  };
  const go = (to) => {
    step = Math.min(Math.max(to, 0), length);
    show();
  };
  const setPlaying = (on) => {
    playing = on;
    at('play').textContent = on ? 'Pause' : 'Play';
    due = performance.now();
    if (on && step >= length) go(0);
    if (on) requestAnimationFrame(tick);
  };
  const tick = (now) => {
    if (!playing) return;
    const pause = 1000 / (15 * Number(at('speed').value));
    const passed = Math.floor((now - due) / pause);
    if (passed > 0) {
      due += passed * pause;
      go(step + passed);
    }
    if (step >= length) setPlaying(false);
    else requestAnimationFrame(tick);
  };
  const jump = (to) => {
    setPlaying(false);
    go(to);
  };
  at('play').addEventListener('click', () => setPlaying(!playing));
  at('back').addEventListener('click', () => jump(step - 1));
  at('next').addEventListener('click', () => jump(step + 1));
  at('time').addEventListener('input', (event) => jump(Number(event.target.value)));
  for (const chart of document.querySelectorAll('.chart')) {
    chart.addEventListener('click', (event) => {
      const box = chart.getBoundingClientRect();
      jump(Math.round((length * (event.clientX - box.left)) / box.width));
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('select, input, button') || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ' ': () => setPlaying(!playing),
      ArrowLeft: () => jump(step - 1),
      ArrowRight: () => jump(step + 1),
      Home: () => jump(0),
      End: () => jump(length),
    };
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  go(0);
  document.documentElement.dataset.ready = 'yes';
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) setPlaying(true);
})();
`;
