import { enableCompileCache } from "node:module";

// Before the SDKs are loaded: compiling them, and taking the types out of this program, is most of what a preview costs.
enableCompileCache();
const { chosenProgram } = await import("./chosenProgram.ts");

export default chosenProgram;
