// The page of an absent build: an owner whose session the API knows is shown the private build.
import { call, session } from "./api.js";
import { isolated } from "./text.js";

const place = document.querySelector(".owner");
const [, id] = location.pathname.match(/\/b\/([\w-]{1,64})\/?$/) ?? [];

function add(name, content, className) {
  const element = document.createElement(name);
  element.append(content);
  if (className) element.className = className;
  place.append(element);
  return element;
}

if (id && session()) {
  const { ok, body } = await call("GET", `/builds/${id}?viewer=true`);
  if (ok) {
    const game = await call("GET", "/game");
    const race = game.body?.races?.find((it) => it.id === body.race)?.name ?? body.race;
    const heading = add("h1", isolated(body.name));
    heading.tabIndex = -1;
    add(
      "p",
      body.hidden
        ? "This is your build. A moderator has hidden it: nobody else can see it, and it cannot be changed, only deleted."
        : "This is your build. It is private: nobody else can see it.",
      "notice warn",
    );
    add("p", isolated([body.class_name, race, ...body.tags].filter(Boolean).join(" · ")), "muted");
    if (body.description) add("p", isolated(body.description), "owner-text");
    if (Object.keys(body.build_data ?? {}).length) {
      add("h2", "Skills and gear");
      add("pre", JSON.stringify(body.build_data, null, 2), "panel");
    }
    const link = add("a", "Open on MyAshes", "button primary");
    link.href = `${place.dataset.website}/?build=${encodeURIComponent(id)}`;
    document.querySelector(".error").hidden = true;
    document.title = "Your build · MyAshes";
    place.hidden = false;
    heading.focus();
  }
}
