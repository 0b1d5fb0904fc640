// Conveniences only: every page works without this file.
(() => {
  const details = [...document.querySelectorAll('.menu details, .drawer')];
  const closeOthers = (kept) => {
    for (const d of details) if (d !== kept) d.open = false;
  };
  document.addEventListener('click', (event) => {
    closeOthers(details.find((d) => d.contains(event.target)));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = details.find((d) => d.open);
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  for (const button of document.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
    });
  }

  const live = document.body.dataset.live;
  if (!live || !('EventSource' in window)) return;
  let changes = 0;
  let first = null;
  let note = null;
  const say = () => {
    if (!note) {
      note = document.createElement('p');
      note.className = 'live';
      note.setAttribute('role', 'status');
      const link = document.createElement('a');
      link.className = 'button';
      link.href = location.href;
      note.append(link);
      document.querySelector('main').prepend(note);
    }
    note.firstChild.textContent =
      changes === 1
        ? '1 update since you opened this page. Show it'
        : `${changes} updates since you opened this page. Show them`;
  };
  const source = new EventSource(live);
  source.addEventListener('change', (event) => {
    const { count, did, article } = JSON.parse(event.data);
    if (first === null) first = count - 1;
    changes = count - first;
    if (did === 'retracted' && article)
      for (const card of document.querySelectorAll(`[data-id="${CSS.escape(article)}"]`)) card.remove();
    say();
  });
  addEventListener('pagehide', () => source.close());
})();
