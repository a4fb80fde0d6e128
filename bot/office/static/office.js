// What saves a reload or a mistake; every page works without it.

// <body data-stands="/office/…">: a form that was refused is shown again; it stands in the history as the page that it was filled in on, so that
// neither «back» nor «reload» asks to send it once more.
if (document.body.dataset.stands) history.replaceState(null, "", document.body.dataset.stands);

// <form data-sure="…">, or the button of several that sends it: asked once more before it is sent.
// With data-ticks="day" only when such a box is ticked: that none is, the office says.
document.addEventListener("submit", (event) => {
  const { ticks } = event.target.dataset;
  if (ticks && !event.target.querySelector(`input[name="${ticks}"]:checked`)) return;
  const sure = event.submitter?.dataset.sure ?? event.target.dataset.sure;
  if (sure && !window.confirm(sure)) event.preventDefault();
});

// <input type="file" data-most="52428800" data-too-large="…">: what is too large is said before it is sent.
document.addEventListener("change", (event) => {
  const { most, tooLarge } = event.target.dataset;
  if (most) event.target.setCustomValidity([...event.target.files].some((file) => file.size > most) ? tooLarge : "");
  if (most) event.target.reportValidity();
});

// <input type="checkbox" data-all="certificate">: ticks the whole column of that name.
document.addEventListener("change", (event) => {
  const all = event.target.dataset.all;
  if (!all) return;
  for (const box of event.target.form.querySelectorAll(`input[type=checkbox][name="${all}"]`)) box.checked = event.target.checked;
});

// <div id="…" data-refresh="2">: renewed from the page itself every so many seconds, until it comes back without the attribute.
async function refresh(part) {
  try {
    const page = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(part.id);
      if (!fresh) return location.reload();
      part.replaceWith(fresh);
      part = fresh;
    }
  } catch { /* no connection: the next look may find it again */ }
  if (part.dataset.refresh) setTimeout(refresh, part.dataset.refresh * 1000, part);
}
for (const part of document.querySelectorAll("[data-refresh]")) setTimeout(refresh, part.dataset.refresh * 1000, part);
