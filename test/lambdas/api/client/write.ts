/** `npm run client`: writes the types of the generated client anew. */
import { writeFileSync } from "node:fs";
import { generateClient, generatedFile } from "./generate.ts";

writeFileSync(generatedFile, await generateClient());
