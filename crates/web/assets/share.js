// Copies the link; where the clipboard is not to be had, selects it.
const status = document.querySelector(".share-status");

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  const say = (short, long) => {
    button.textContent = short;
    status.textContent = long;
    setTimeout(() => (button.textContent = label), 3000);
  };
  const field = document.getElementById(button.dataset.copy);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      say("Copied", "The link is copied.");
    } catch {
      field.focus();
      field.select();
      say("Selected", "The link is selected: copy it with the keyboard or by a long press.");
    }
  });
}
