export { chosenProgram as default } from "./chosenProgram.ts";
