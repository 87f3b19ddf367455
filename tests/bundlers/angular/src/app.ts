import { Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { start } from './page.js';

@Component({ selector: 'app-root', template: '<h1>Angular</h1>' })
class App {
  ngOnInit() {
    void start();
  }
}

void bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
