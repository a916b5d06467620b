'use strict';
// What runs before the first paint: the theme. The picture stands in the page; once it is on the screen, the other
// scripts start: before, they would keep the browser from painting. A click until then becomes the address of what it
// is on, which they open.

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

// Some browsers do not tell, and a page with nothing to paint never has painted.
const LONGEST = 500; // milliseconds
const isPainted = new Promise((resolve) => {
  if (PerformanceObserver.supportedEntryTypes.includes('paint')) new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
  setTimeout(resolve, LONGEST);
});

// The page calls this where its picture ends: a frame asked for before would be an empty one.
async function onPictureRead() {
  await nextFrame();
  const brought = { graph: '.drawing', matrix: '#matrix table', body: '#body' }[document.querySelector('main').dataset.picture];
  if (document.querySelector(brought)) root.dataset.shown = 'yes';
  await Promise.all([isRead, isPainted]);
  runScript(document.getElementById('script-data').textContent);
}
