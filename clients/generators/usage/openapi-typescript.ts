// What a page writes with these types: free-form objects hold anything.
import type { components } from "../out/openapi-typescript/schema.js";

export const build: components["schemas"]["NewBuild"] = {
  name: "Wall",
  primary_archetype: "tank",
  secondary_archetype: "fighter",
  race: "vek",
  build_data: { skills: ["taunt"], levels: { taunt: 3 } },
};
export const fields = (error: components["schemas"]["ErrorBody"]): unknown => error.details?.["errors"];
export const skills = (read: components["schemas"]["Build"]): unknown => read.build_data?.["skills"];
