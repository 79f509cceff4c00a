import{c9_selectNamed as e}from"./rest.js";export{e as selectNamed};
