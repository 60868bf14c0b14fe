/** `npm run fixtures`: writes the fixtures of stored items that are missing, from the samples of every kind. */
import { writeFixture } from "./fixture.ts";
import { storedKinds } from "./kinds.ts";

for (const [name, kind] of Object.entries(storedKinds)) {
  if (await writeFixture(name, kind)) process.stdout.write(`Written: ${name}\n`);
}
