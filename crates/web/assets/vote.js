// The vote: shown at once, sent to the API, taken back with a message when the API refuses it.
import { call, explain, session } from "./api.js";

const article = document.querySelector("[data-build]");
const inputs = [...document.querySelectorAll(".vote input")];
const status = document.querySelector(".vote-status");
const withdraw = document.querySelector(".vote-withdraw");
const sum = document.querySelector("[data-distribution]");
const path = `/builds/${encodeURIComponent(article.dataset.build)}/vote`;
const number = new Intl.NumberFormat("en");
const WAIT = 250;

// What the API knows, what the reader wants, and the call between them.
let saved = null;
let wanted = null;
let counts = sum.dataset.distribution.split(",").map(Number);
let timer = 0;
let sending = false;
// Whether the API has said what it knows. Without a session it knows nothing.
let asked = !session();

function showChoice() {
  for (const input of inputs) input.checked = Number(input.value) === wanted;
  withdraw.disabled = wanted === null;
}

function showSum(mean, votes) {
  const shown = votes ? mean.toFixed(1) : "–";
  const label = votes ? `${number.format(votes)} ${votes === 1 ? "vote" : "votes"}` : "Not rated yet. Be the first.";
  document.querySelector(".rating").classList.toggle("unrated", !votes);
  // The sum stands in the panel and, on small screens, under the title.
  article.querySelectorAll("[data-mean]").forEach((it) => (it.textContent = shown));
  article.querySelectorAll("[data-votes]").forEach((it) => (it.textContent = label));
  article.querySelectorAll(".stars-mean").forEach((it) => it.setAttribute("width", votes ? mean * 24 : 0));
  const total = counts.reduce((a, b) => a + b, 0);
  document.querySelectorAll(".bars tbody tr").forEach((row, at) => {
    const count = counts[4 - at];
    const percent = `${total ? Math.round((count / total) * 100) : 0}%`;
    row.querySelector(".bar-on").setAttribute("width", percent);
    row.querySelector("[data-count]").textContent = number.format(count);
    row.querySelector("td .visually-hidden").textContent = percent;
  });
}

function settle(body) {
  if (saved) counts[saved - 1] = Math.max(0, counts[saved - 1] - 1);
  saved = body.your_rating;
  asked = true;
  if (saved) counts[saved - 1] += 1;
  showSum(body.avg_rating ?? 0, body.vote_count);
}

// The reader's vote of an earlier visit.
async function ask() {
  const answer = await call("GET", path);
  if (!answer.ok || asked) return;
  asked = true;
  saved = answer.body.your_rating ?? null;
}

async function send() {
  if (sending) return;
  sending = true;
  // Without the earlier vote the bars would count this one on top of it.
  if (!asked) await ask();
  while (wanted !== saved) {
    const choice = wanted;
    const answer = choice ? await call("PUT", path, { rating: choice }) : await call("DELETE", path);
    if (!answer.ok) {
      // A newer choice of the reader's falls with it: nothing is shown that the API does not know.
      wanted = saved;
      showChoice();
      status.textContent = `${explain(answer)} ${saved ? "Your earlier rating stands." : "Your rating was not kept."}`;
      status.classList.add("refused");
      break;
    }
    settle(answer.body);
    status.textContent = saved ? `You gave ${saved} of 5 stars.` : "Your rating was withdrawn.";
  }
  sending = false;
}

function choose(value) {
  wanted = value;
  status.classList.remove("refused");
  showChoice();
  clearTimeout(timer);
  timer = setTimeout(send, WAIT);
}

for (const input of inputs) input.addEventListener("change", () => choose(Number(input.value)));
withdraw.addEventListener("click", () => {
  choose(null);
  inputs[0].focus();
});

// Some browsers restore the radio buttons of an earlier visit. Without a session there is no vote to show.
showChoice();
if (!asked) {
  await ask();
  if (saved && wanted === null) {
    wanted = saved;
    showChoice();
    status.textContent = `You gave ${saved} of 5 stars.`;
  }
}
