'use strict';
// What runs before the first paint: the theme. The picture stands in the page; once it is on the screen, the other
// scripts start. A click until then becomes the address of what it is on, which they open.

const root = document.documentElement;
root.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
if (location.hash) root.dataset.asked = ''; // it may look otherwise, so that the picture waits

function onEarlyClick({ target }) {
  const part = target.closest('#picture :is([data-node], [data-edge], [data-cell], [data-region])');
  if (part) location.hash = new URLSearchParams(part.dataset);
}
document.addEventListener('click', onEarlyClick);

// A script that stands in the page as text; the policy of the page admits it by its digest.
function runScript(text) {
  const script = document.createElement('script');
  script.textContent = text;
  document.head.append(script);
}

const nextFrame = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });

const isRead = new Promise((resolve) => { document.addEventListener('DOMContentLoaded', resolve); });

async function pictureShown() {
  do await nextFrame(); while (!document.getElementById('panel')); // which comes after the picture
  const brought = { graph: '.drawing', matrix: '#matrix table', body: '#body' }[document.querySelector('main').dataset.picture];
  if (document.querySelector(brought)) root.dataset.shown = 'yes';
}

Promise.all([isRead, pictureShown()]).then(() => runScript(document.getElementById('script-data').textContent));
