// What a page writes with these types: free-form objects hold anything.
import type { Build, ErrorBody, NewBuild } from "../out/orval/model/index.js";

export const build: NewBuild = {
  name: "Wall",
  primary_archetype: "tank",
  secondary_archetype: "fighter",
  race: "vek",
  build_data: { skills: ["taunt"], levels: { taunt: 3 } },
};
export const fields = (error: ErrorBody): unknown => error.details?.["errors"];
export const skills = (read: Build): unknown => read.build_data?.["skills"];
