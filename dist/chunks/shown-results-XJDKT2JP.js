import{c12_shownResults as s}from"./rest.js";export{s as shownResults};
