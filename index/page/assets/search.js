// Search in the advisories of the index: by id, by distribution or module, or by
// words of the title. All of it happens here, over one file that is made with the
// index; nothing that is typed leaves the browser. Whatever is shown is set as
// text, never as markup.
'use strict';

(() => {
  const most = 100, mostDists = 8; // advisories and distributions that are shown
  const form = document.getElementById('search');
  const input = document.getElementById('q');
  const said = document.getElementById('found');
  const dists = document.getElementById('dists');
  const list = document.getElementById('advisories');
  let index = null;

  // normal is a text as it is compared: letter case and the way to write a module
  // or a distribution do not count.
  const normal = s => s.toLowerCase().replace(/::|'/g, '-').replace(/\s+/g, ' ').trim();

  // element makes an element with a class and a text.
  const element = (name, className, text) => {
    const e = document.createElement(name);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };

  const link = (folder, name, className) => {
    const a = element('a', className, name);
    a.href = '../' + folder + '/' + encodeURIComponent(name) + '/index.html';
    return a;
  };

  const count = (n, one, many) => n.toLocaleString('en') + ' ' + (n === 1 ? one : many);

  // prepare reads the file of the index: rows in which a distribution is a number.
  const prepare = file => {
    const dists = file.dists.map(([name, main, advisories, unfixed, modules]) =>
      ({ name, advisories, unfixed, keys: [normal(name), normal(main)].filter(k => k), modules: new Set(modules.split(' ').map(normal)) }));
    const advisories = file.advisories.map(([id, aliases, of, date, title, severity, state, fixed]) => {
      const where = of.map(n => dists[n]);
      const ids = [id, ...aliases].map(normal);
      const names = where.flatMap(d => d.keys);
      const words = ' ' + [...ids, ...names, normal(title)].join(' ').replace(/[^\p{L}\p{N}]+/gu, ' ');
      return { id, where, date, title, severity, state, fixed, ids, names, words };
    });
    return { dists, advisories };
  };

  // rank says how well keys and words match what is asked for: the very name, its
  // beginning, words that begin so; 0 is not at all. A module that a distribution
  // holds counts where its whole name is asked for.
  const rank = (keys, words, q, asked) => {
    if (keys.includes(q)) return 3;
    if (keys.some(k => k.startsWith(q))) return 2;
    return asked.length > 0 && asked.every(w => words.includes(' ' + w)) ? 1 : 0;
  };

  const search = text => {
    const q = normal(text);
    const asked = q.replace(/[^\p{L}\p{N}]+/gu, ' ').trim().split(' ').filter(w => w);
    if (!q) return { dists: [], advisories: [] };
    const ranked = (all, of) => all.map((e, i) => ({ e, i, r: of(e) })).filter(x => x.r > 0)
      .sort((a, b) => b.r - a.r || a.i - b.i).map(x => x.e);
    const best = (r, holds) => r < 2 && holds ? 2 : r;
    return {
      dists: ranked(index.dists, d => best(rank(d.keys, ' ' + d.keys.join(' ').replace(/-/g, ' '), q, asked), d.modules.has(q))),
      // An id that is meant stands before the advisories of a distribution.
      advisories: ranked(index.advisories, a => 2 * rank(a.ids, '', q, []) ||
        best(rank(a.names, a.words, q, asked), a.where.some(d => d.modules.has(q)))),
    };
  };

  const badge = (kind, text) => element('span', 'badge ' + kind, text);

  const state = a => {
    if (a.state === 'affected') return badge('affected', 'latest affected');
    if (a.state === 'clean') return badge('clean', a.fixed ? 'fixed in ' + a.fixed : 'latest clean');
    return a.state === 'withdrawn' ? badge('withdrawn', 'withdrawn') : badge('unknown', 'latest unknown');
  };

  const row = a => {
    const li = element('li'), what = element('div', 'what'), where = element('span', 'where'), states = element('div', 'state');
    a.where.slice(0, 4).forEach((d, i) => where.append(i ? ', ' : '', link('dist', d.name)));
    if (a.where.length > 4) where.append(' and ' + (a.where.length - 4) + ' more');
    what.append(link('advisory', a.id, 'id'), ' ', element('span', 'title', a.title), ' ', where);
    states.append(element('span', 'hidden', 'severity '), badge(a.severity, a.severity === 'unknown' ? 'not rated' : a.severity), ' ', state(a));
    li.append(element('span', 'when', a.date || 'undated'), what, states);
    return li;
  };

  const distRow = d => {
    const li = element('li');
    li.append(link('dist', d.name), ' ', element('span', 'quiet', count(d.advisories, 'advisory', 'advisories')));
    if (d.unfixed) li.append(' ', badge('affected', 'latest affected'));
    return li;
  };

  const show = () => {
    const found = search(input.value);
    dists.replaceChildren(...found.dists.slice(0, mostDists).map(distRow));
    list.replaceChildren(...found.advisories.slice(0, most).map(row));
    dists.hidden = !found.dists.length;
    list.hidden = !found.advisories.length;
    const n = found.advisories.length;
    if (!normal(input.value)) said.textContent = 'Type an id, the name of a distribution or a module, or words.';
    else if (!n && !found.dists.length) said.textContent = 'Nothing is found. That no advisory is known does not mean that there is nothing to know.';
    else {
      said.textContent = count(n, 'advisory', 'advisories') +
        (found.dists.length ? ' and ' + count(found.dists.length, 'distribution', 'distributions') : '') + '.';
      const cut = [];
      if (n > most) cut.push('the first ' + most + ' advisories');
      if (found.dists.length > mostDists) cut.push('the first ' + mostDists + ' distributions');
      if (cut.length) said.textContent += ' Here are ' + cut.join(' and ') + ': say more to find others.';
    }
    const url = new URL(location.href);
    if (input.value) url.searchParams.set('q', input.value);
    else url.searchParams.delete('q');
    history.replaceState(null, '', url);
  };

  input.value = new URL(location.href).searchParams.get('q') || '';
  if (location.protocol === 'file:') {
    said.textContent = 'Search does not work on pages that are opened from a folder, because browsers do not let them read other files. Use the lists below, or put the folder on a web server.';
    return;
  }
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (index) show();
  });
  let timer = 0;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => index && show(), 150);
  });
  said.textContent = 'Reading the index of the search…';
  fetch(form.dataset.index).then(answer => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then(file => {
    index = prepare(file);
    show();
  }).catch(() => {
    said.textContent = 'The index of the search could not be read. Use the lists below, or try again later.';
  });
})();
