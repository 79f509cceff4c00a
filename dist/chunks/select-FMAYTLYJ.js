import{c22_selectNamed as e}from"./checks.js";export{e as selectNamed};
