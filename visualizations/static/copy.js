// A button beside each IRI that copies it. Without this script a click on the IRI selects all of it.
for (const name of document.querySelectorAll('.iri code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(name.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(name);
      button.textContent = 'Selected';
    }
  });
  name.after(' ', button);
}
