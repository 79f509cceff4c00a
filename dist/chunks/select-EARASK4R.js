import{c19_selectNamed as e}from"./checks.js";export{e as selectNamed};
