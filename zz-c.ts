import { complaintsAbout } from "./local/lab/judge.ts";
import { createLab } from "./local/lab/lab.ts";
import { rich } from "./local/lab/scenarios.ts";
const run = async (seed:number) => { const lab = await createLab({ ...rich["stop-and-image"], seed }); const c = await complaintsAbout(lab, await lab.run()); if (c.length) throw new Error(c.join()); };
for (let b=0;b<7;b++){ const s=process.cpuUsage(); for (let i=0;i<20;i++) await run(1+b*20+i); const {user,system}=process.cpuUsage(s); console.log(((user+system)/20000).toFixed(1)); }
