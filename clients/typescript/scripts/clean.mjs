// Removes what a build makes, so that no file of an earlier one is packed.
import { rm } from "node:fs/promises";

for (const folder of ["dist", "build"]) {
  await rm(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
